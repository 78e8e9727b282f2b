"""Texts that people write into agreements: harmless ones, and ones that name a person or lay blame."""

from __future__ import annotations

NAMES = ("Mira Keller", "Anna-Lena Koch", "Will Smith", "Nguyễn Thị-Mai", "Ole Brandt", "Grace Lang", "Şebnem Öztürk")

HARMLESS_SIGNS_EN = """
Three looks in a row are in the calendar and were held
The product owner was there in three of four weeks
A page shows the SLO with two weeks of data
Every breach of the last two weeks has a noted reaction
Breaches per week fall from 12 to under 5
The escalation path was tested once with a real alert to every step
The last three incidents carry a class
Everybody new in the rotation shadowed one shift first
Pages per person and week are under 2 for a month
The share of toil is below 40 %
The busiest share of the rotation is printed and a swap was agreed
Each serious incident has a written review within five working days
Five reviews in a row name no person as a cause
No review of the quarter contains "should have been caught" about a person
No action item says "be more careful"
Reviews without "human error" as a cause: five in a row
The last three reviews had three different facilitators
All new actions of the last month have owner, date, size and test
70 % of the actions due were closed on time
No action older than a quarter is open without a note
People from two other teams commented on a review
One near miss a month was told in the team meeting
One SLO is agreed with the payment gateway team
The error-budget policy is signed by both sides
One decision between reliability and a feature is recorded
Two thirds of the team choose at least step 3 on fair accountability
The blameless charter is linked in each review
A blameless review was held within a week
No-blame charter signed and linked
The deployment refuses a release without a rollback plan
The job failed to start fewer than 2 times a week
Failed deployments per month under 3
The checklist has a step for certificates, and 4 releases used it
Alert fires when a certificate expires within 30 days
Retry errors drop below 1 % in the gateway's dashboard
The runbook names who is called at night
Who is on call stands on the first page of the wiki
Mean time to acknowledge below 5 minutes for 4 weeks
The error rate stays below 0.1 % for two weeks
A new engineer finds the runbook within 10 minutes
Every alert has an owner role and a link to a runbook
Every Monday the dashboard is opened in the team meeting
Max 2 pages per week
By Jan 31 the list of alerts is half as long
The Julia service has an SLO page
The May release went out with a tested rollback
Will be measured weekly on the dashboard
Page load under 2 seconds at the 95th percentile
The rotation has eight seats, and no seat takes more than a quarter
The user error page shows a request number
Input errors are shown next to the field in 3 forms
Fault injection ran once a month in staging
Default timeouts are documented in the wiki
A fault in one region no longer reaches the others: drill held twice
The responsible role stands beside every alert
Careful rollout: 1 %, 10 %, 50 %, all, in each of 3 releases
Missed heartbeats per day under 5
The team agreed on three classes of incidents
Mistakes in configuration are rejected by a schema check in CI
Overlooked alerts are shown in red after 15 minutes
Two engineers can restore the database within an hour
Toil is counted for 2 weeks
The dependency's SLO is charted beside ours
Grace period of 14 days is configured
Nobody was paged twice in a night for a month
""".strip().splitlines()

OFFENDING_EN = """
Peter restarts the service within 5 minutes
Mira Keller closes 3 tickets a week
Anna-Lena checks each release
Mira looks at the alerts each day
Ole Brandt's list is empty
ole brandt is gone from the rota
Thị-Mai writes one review a month
Sandra and the team meet weekly
Thomas stops deploying on Fridays
Mr Miller signs every release
Ms. Jones is told within 5 minutes
Ask @carol each week
carol@example.org gets each alert
The engineer forgot to rotate the key twice
Someone forgot the rollback
Nobody would have noticed, they should have tested it
He should have asked two people
The team should've read the runbook
Developers shouldn't have deployed on Friday
You ought to have checked 3 times
Two incidents due to human error
Root cause: operator error in 3 cases
Human failure in one step
The admin made a mistake twice
It was the developer's mistake
It was her fault once
Their error cost 3 hours
Somebody messed the release up
The intern screwed up once
The deploy was botched twice
Careless changes go down to 0
Carelessness is gone within a month
Negligent handling in 2 cases
Sloppy reviews happen once a month
Inattentive on-call in 3 nights
An incompetent vendor caused 2 outages
Irresponsible releases are zero
A lazy review once a week
That was a stupid change in 1 case
Lack of attention in 2 incidents
Lack of discipline on 3 days
Engineers pay more attention each week
Everyone pays attention to alerts, each week
On-call was not paying attention at 3 am
They didn't pay attention to 2 alerts
Be more careful with each deployment
All are being more careful
Everybody works more carefully within a month
Be careful with every migration
Take better care in each release
People must be more attentive at night
Everyone tries... we try harder each sprint
Better discipline in each review
The vendor is to blame for 2 outages
The network team was to blame once
Blamed on the night shift twice
The team lead was at fault once
We found the culprit within a day
The guilty engineer is named in the review
Each manager is held fully accountable for outages
The person responsible for the outage is named once
Punishment follows within a week
One reprimand per outage
Disciplinary talk within 5 days
Find out who caused the 3 outages
Who broke the build is listed each day
Whoever deployed the bug fixes it within a day
The engineer ignored 2 alerts
Developers failed to test 3 releases
The operator missed one step
The lead did not check the list twice
""".strip().splitlines()

HARMLESS_SIGNS_DE = """
Drei Wochen in Folge hat der Blick auf den Betrieb stattgefunden
Der Product Owner war in drei von vier Wochen dabei
Eine Seite zeigt das SLO mit Daten aus zwei Wochen
Zu jeder Verletzung der letzten zwei Wochen gibt es eine Notiz
Die Verletzungen je Woche sinken von 12 auf unter 5
Der Eskalationsweg wurde einmal mit einem echten Alarm durchgespielt
Die letzten drei Vorfälle tragen eine Klasse
Alle Neuen in der Rufbereitschaft sind eine Schicht mitgelaufen
Alarme je Person und Woche liegen einen Monat lang unter 2
Der Anteil mühsamer Handarbeit liegt unter 40 %
Der größte Anteil in der Rufbereitschaft ist gedruckt, ein Tausch vereinbart
Zu jedem ernsten Vorfall gibt es binnen fünf Arbeitstagen eine Rückschau
Fünf Rückschauen in Folge nennen keine Person als Ursache
Keine Rückschau nennt „menschliches Versagen“ als Ursache
Keine Maßnahme lautet „besser aufpassen“
Fünf Rückschauen ohne Schuldzuweisung
Eine Rückschau ohne Schuld, binnen einer Woche
Die letzten drei Rückschauen hatten drei verschiedene Moderierende
Alle neuen Maßnahmen des Monats haben Rolle, Datum, Größe und Prüfung
70 % der fälligen Maßnahmen wurden pünktlich geschlossen
Keine Maßnahme älter als ein Quartal ist ohne Notiz offen
Zwei andere Teams haben eine Rückschau kommentiert
Ein Beinahe-Vorfall im Monat wurde in der Teamrunde erzählt
Ein SLO ist mit dem Team der Zahlungsschnittstelle vereinbart
Die Regelung zum Fehlerbudget ist von beiden Seiten unterschrieben
Eine Entscheidung zwischen Zuverlässigkeit und Funktion ist festgehalten
Zwei Drittel des Teams wählen bei fairem Umgang mindestens Stufe 3
Technische Schulden: 5 Tickets je Sprint geschlossen
Der Abbau der technischen Schulden steht in jedem Sprint
Das Ausrollen verlangt einen Plan für den Rückweg, in 4 Fällen geprüft
Der Auftrag scheitert seltener als zweimal je Woche
Fehlgeschlagene Ausrollvorgänge je Monat unter 3
Die Checkliste hat einen Schritt für Zertifikate
Der Alarm löst 30 Tage vor Ablauf eines Zertifikats aus
Die Fehlerrate bleibt zwei Wochen unter 0,1 %
Das Runbook sagt, wer nachts gerufen wird
Wer Rufbereitschaft hat, steht auf der ersten Seite im Wiki
Neue finden das Runbook binnen 10 Minuten
Jeder Alarm hat eine verantwortliche Rolle und einen Link
Die Ausfallzeit des Versands ist angezeigt
Jeden Montag ist die Anzeige in der Teamrunde offen
Max. 2 Alarme je Woche
Bis zum 31. August ist die Liste der Alarme halb so lang
Im Mai lief die Übung zweimal
Im Sommer läuft die Rotation mit acht Plätzen
Der Koch-Dienst hat eine SLO-Seite
Kein Platz der Rufbereitschaft nimmt mehr als ein Viertel der Alarme
Die Fehlerseite zeigt eine Vorgangsnummer
Eingabefehler werden in 3 Formularen am Feld gezeigt
Beim Versagen eines Knotens übernimmt der zweite binnen 30 Sekunden
Das Versagen der Leitung wurde einmal im Quartal geübt
Zeitgrenzen sind im Wiki dokumentiert
Sie stehen auf jeder Seite
Er wird wöchentlich erneuert
Zwei aus dem Team können die Datenbank binnen einer Stunde wiederherstellen
Handarbeit wird zwei Wochen gezählt
Die Stimmung im Team wird mit 3 Fragen gemessen
Vorsichtiges Ausrollen: 1 %, 10 %, 50 %, alle
Ein Not-Aus liegt als Skript vor
Die Übergabe steht im Kalender und fand viermal statt
Der Lauf am Freitag ist seit 4 Wochen leer
Niemand wurde in einer Nacht zweimal geweckt, einen Monat lang
Die Rolle hinter jedem Dienst ist benannt
Die Lang-Läufer unter den Tickets sind unter 5
Der Rückstau in der Warteschlange bleibt unter 100
Die Kette der Zertifikate wird täglich geprüft
""".strip().splitlines()

OFFENDING_DE = """
Peter startet den Dienst binnen 5 Minuten neu
Mira Keller schließt 3 Tickets je Woche
Anna-Lena prüft jedes Ausrollen
Mira sieht täglich auf die Alarme
Ole Brandts Liste... Ole Brandt hat null offene
Sandra und das Team treffen sich wöchentlich
Thomas rollt freitags nicht mehr aus
Herr Meier unterschreibt jedes Ausrollen
Frau Schmidt erhält jeden Alarm
Fr. Dr. Weber ist binnen 5 Minuten informiert
@carola sieht jede Woche nach
carola@example.org bekommt jeden Alarm
Der Admin hat zweimal den Alarm übersehen
Jemand hat den Rückweg vergessen
Der Schlüsseltausch wurde vergessen
Das Team vergaß die Prüfung in 2 Fällen
Der Schritt wird zweimal im Monat vergessen
Man hätte das vorher testen müssen
Sie hätten zwei Leute fragen sollen
Jemand haette das wissen muessen
Die Kollegin hätte es merken müssen
Ursache: menschliches Versagen in 2 Fällen
Menschliche Fehler sinken auf 0
Grund war ein Bedienfehler in 3 Fällen
Zwei Flüchtigkeitsfehler weniger je Woche
Sein Fehler kostete 3 Stunden
Ihr Versäumnis fiel nach 2 Tagen auf
Das wurde zweimal versäumt
Der Betrieb versäumte 2 Prüfungen
Vernachlässigte Prüfungen sinken auf 0
Der Entwickler hat den Test nicht gelesen, zweimal
Ein Fehler des Kollegen je Monat
Der Praktikant hat Mist gebaut
Da hat einer die Migration verbockt, zweimal
Die Umstellung wurde vermasselt
Unachtsamkeit sinkt auf 0
Aus Unaufmerksamkeit 2 Ausfälle
Fahrlässig ausgerollt: 0 Fälle
Leichtsinnige Änderungen unter 3
Schlampige Rückschauen unter 2 je Monat
Nachlässigkeit in 3 Fällen
Unfähige Dienstleister: 0
Inkompetente Beratung in 2 Fällen
Mangelnde Sorgfalt in 2 Fällen
Fehlende Disziplin an 3 Tagen
Die Schicht hat nicht aufgepasst, zweimal
Nachts war man nicht aufmerksam, 3 Fälle
Alle werden in Zukunft besser aufpassen
Bei jeder Migration aufpassen
Jeder arbeitet sorgfältiger
Alle sind vorsichtiger bei jedem Ausrollen
Mit mehr Sorgfalt ausrollen, jede Woche
Größere Vorsicht bei jedem Ausrollen
Alle sollen genauer hinschauen
Jeder muss sich mehr Mühe geben
Bei jedem Schritt besser konzentrieren
Der Dienstleister ist schuld an 2 Ausfällen
Die Schuld liegt zweimal beim Netz
Der Schuldige steht in jeder Rückschau
Selbst verschuldete Ausfälle: 0
Der Verursacher wird binnen eines Tages genannt
Der Übeltäter ist nach 2 Tagen gefunden
Die Leitung wird einmal zur Rechenschaft gezogen
Wer den Ausfall verursacht hat: wer hat ihn verursacht, binnen 2 Tagen
Der Verantwortliche für den Ausfall ist genannt
Eine Abmahnung je Ausfall
Bestrafung binnen einer Woche
Disziplinarische Folgen in 2 Fällen
Verantwortungslose Änderungen: 0
Aus Dummheit gelöscht, einmal
""".strip().splitlines()

HARMLESS_ROLES = """
product owner
Product Owner
engineer on call
Engineer on call
Site Reliability Engineer
team lead
Team Lead Checkout
Release Manager
engineering manager
Scrum Master
tech lead with the product owner
people on call
author of a review
coach
SRE coach
facilitator of the week
developers on duty
Head of Engineering
database owner
security champion
second engineer on call
whoever is on call this week
rotating facilitator
Incident commander
Rufbereitschaft
Teamleitung
Teamleitung mit Product Owner
Leitung Plattform
Produktverantwortung
Rollenträger der Woche
Moderation der Rückschau
Betriebsverantwortung Checkout
Entwicklung im Dienst
Leitung Technik
Release-Verantwortung
Vertretung der Rufbereitschaft
Sicherheitsbeauftragte
Architektur
Leiterin Betrieb
Technische Leitung
""".strip().splitlines()

PERSONS_AS_ROLES = """
Mira
mira
Mira Keller
Keller
keller
Koch
Anna-Lena
Anna
Will
Grace
Brandt
Peter
Peter (product owner)
product owner (Sandra)
Thomas M.
Mr Miller
Frau Schmidt
Herr Weber
I
me
ich
@carol
carol@example.org
Şebnem
Öztürk
""".strip().splitlines()

VAGUE_SIGNS = """
better
Better communication
improve communication
Communication is better
more awareness
More awareness of production
Awareness
People feel safer
The team works well
it works
done
finished
Less stress
everybody is aware
Improved culture
Alerts work better
as soon as possible
besser
Bessere Kommunikation
Kommunikation verbessern
mehr Bewusstsein
Mehr Bewusstsein für den Betrieb
Das Team fühlt sich sicherer
läuft
Es läuft rund
erledigt
umgesetzt
Weniger Stress
Alle sind sensibilisiert
Bessere Stimmung
Zusammenarbeit klappt
so bald wie möglich
""".strip().splitlines()

VAGUE_ROLES = ["everyone", "Everybody", "the team", "team", "TBD", "n/a", "alle", "jeder", "Das Team", "noch offen"]
