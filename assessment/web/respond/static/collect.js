// The page on which an invited person collects a credential, and finds those that this browser keeps.
//
// Nothing is sent before a click: mail scanners open links and run scripts, and an invitation must survive that.

let fragment = location.hash.slice(1)
// At once, before anything can fail: the address bar is what colleagues see and what gets copied.
history.replaceState(null, '', location.pathname)

const $ = id => document.getElementById(id)
const texts = $('say')
const say = name => texts.content.querySelector(`[data-say=${name}]`).textContent
const show = (element, visible = true) => (element.hidden = !visible)

// Imported by the addresses of the page's own script elements, so that what runs is what their hashes were checked for.
const blinding = await import($('blind.js').src)
const { toText, fromText, joined } = blinding

const KEY_BITS = 2048
const EXPONENT = 65537n
const RANDOM_LENGTH = 32
const INVITATION = /^t\.([\w-]{22})\.([\w-]{22})$/
const CREDENTIAL = /^c\.(\d{1,10}\.\d{1,10}\.[\w-]{427})$/
// A pending collection, a kept credential, and which of them is being answered with in this tab.
const PENDING = 'pending.'
const KEPT = 'kept.'
const ANSWERING = 'answering'

/** Something that a person is told in one sentence. */
class Problem extends Error {}

// A link that is pasted over this page changes the fragment only.
addEventListener('hashchange', () => location.reload())
// The browser may keep a page that was left in memory, to show it again on "back".
addEventListener('pageshow', event => event.persisted && location.reload())
addEventListener('pagehide', () => {
  fragment = ''
  $('credentials').replaceChildren()
})
for (const link of document.querySelectorAll('.switch a')) {
  link.addEventListener('click', () => fragment && (link.hash = fragment))
}

const lacks = missing()
if (lacks.length) {
  show($('lack'))
  for (const name of lacks) show(document.querySelector(`[data-lack=${name}]`))
} else {
  start()
}

/** Return what this browser lacks. There is no fallback: a weaker way would look the same and protect nobody. */
function missing() {
  const found = []
  if (!isSecureContext) found.push('secure')
  else if (!crypto?.subtle?.importKey) found.push('crypto')
  if (typeof BigInt !== 'function') found.push('bigint')
  try {
    localStorage.setItem('probe', '')
    localStorage.removeItem('probe')
  } catch {
    found.push('storage')
  }
  return found
}

function start() {
  sessionStorage.removeItem(ANSWERING)
  forgetClosed()
  const invitation = fragment.match(INVITATION)
  const brought = fragment.match(CREDENTIAL)
  if (invitation) {
    show($('invited'))
    $('look').addEventListener('click', event => once(event.target, () => look(invitation[1], invitation[2])))
  } else if (brought && !stored(KEPT).some(([, kept]) => kept.credential === brought[1])) {
    $('credentials').append(card(null, { credential: brought[1], team: say('unnamed'), quarter: '', state: 'brought' }))
  } else if (fragment && !brought) {
    tell(say('badlink'))
  }
  for (const [name, kept] of stored(KEPT)) $('credentials').append(card(name, kept))
  show($('none'), !fragment && !$('credentials').children.length)
}

/** Show what a token opens. Asking changes nothing on the server. */
async function look(token, fingerprint) {
  const door = await post(texts.dataset.door, { token })
  const spki = fromText(door.key)
  // With the team: it stands in the credential, and a number of one's own would be known again.
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', joined(context(door), spki)))
  const section = toText(hash.slice(0, 16)) === fingerprint ? $('door') : $('changed')
  fill(section, { ...door, words: words(hash), expected: words(fromText(fingerprint)) })
  show($('invited'), false)
  reveal(section)
  if (section === $('changed')) return
  const waiting = stored(PENDING).filter(([, pending]) => isFor(pending, door))
  const mine = door.collected ? waiting : waiting.filter(([, pending]) => pending.token === token)
  show($('elsewhere'), door.collected && !mine.length)
  show($('collect').parentElement, !door.collected || mine.length > 0)
  $('collect').addEventListener('click', event => once(event.target, () => collect(token, door, spki, mine)))
}

/** Collect a credential and keep it. A reply that was lost is asked for again with the very same blinded message. */
async function collect(token, door, spki, waiting) {
  const key = await blinding.readKey(spki)
  // With another exponent a server that chose its key for it could recognise messages; with this one it cannot, since
  // the few that it would recognise could not be signed.
  if (key.bits !== KEY_BITS || key.e !== EXPONENT) throw new Problem(say('badkey'))
  if (!waiting.length) waiting.push(await begin(token, door, key))
  let refusal
  for (const [name, pending] of waiting) {
    let reply
    try {
      reply = await post(texts.dataset.collect, { token, blinded: pending.blinded })
    } catch (error) {
      // Somebody else of the team may have begun in this browser: what was signed for them is not signed for us.
      if (!(error instanceof Problem)) throw error
      refusal = error
      continue
    }
    await keep(name, pending, door, key, reply.signature)
    return
  }
  throw refusal
}

/** Blind a new message and store it before anything is sent. */
async function begin(token, door, key) {
  const nonce = blinding.random(RANDOM_LENGTH)
  const prepared = blinding.prepare(joined(context(door), nonce))
  const { blinded, inverse } = await blinding.blind(key, prepared)
  const pending = {
    token, campaign: door.campaign, node: door.node, until: door.until,
    message: toText(prepared), inverse: toText(inverse), blinded: toText(blinded),
  }
  const name = PENDING + toText(blinding.random(6))
  localStorage.setItem(name, JSON.stringify(pending))
  return [name, pending]
}

/** Turn what was signed into a credential; after that, nothing here ties it to the invitation. */
async function keep(name, pending, door, key, signed) {
  const prepared = fromText(pending.message)
  let signature
  try {
    signature = await blinding.finalize(key, prepared, fromText(signed), fromText(pending.inverse))
  } catch {
    throw new Problem(say('badsignature'))
  }
  const content = joined(prepared.slice(0, RANDOM_LENGTH), prepared.slice(-RANDOM_LENGTH), signature)
  const credential = `${door.campaign}.${door.node}.${toText(content)}`
  const { team, quarter, until } = door
  const place = KEPT + toText(blinding.random(6))
  const kept = { credential, team, quarter, until }
  localStorage.setItem(place, JSON.stringify(kept))
  localStorage.removeItem(name)
  fragment = ''
  show($('door'), false)
  $('credentials').prepend(card(place, kept))
  reveal($('credentials').firstElementChild)
}

/** One credential with what can be done with it; `name` is its place in this browser, or null. */
function card(name, kept) {
  const section = $('kept').content.cloneNode(true).firstElementChild
  const part = kind => section.querySelector(`[data-in=${kind}]`)
  const button = kind => section.querySelector(`[data-do=${kind}]`)
  const link = `${location.origin}${location.pathname}#c.${kept.credential}`
  fill(section, { team: kept.team, quarter: kept.quarter, state: say(name ? 'here' : 'brought') })
  show(button('keep'), !name)
  show(part('later'), !!name)
  show(button('erase').parentElement, !!name)
  section.querySelector('[name=credential]').value = kept.credential
  section.querySelector('form').addEventListener('submit', () => name && sessionStorage.setItem(ANSWERING, name))
  button('keep').addEventListener('click', () => {
    const place = KEPT + toText(blinding.random(6))
    localStorage.setItem(place, JSON.stringify({ credential: kept.credential, team: kept.team, quarter: kept.quarter }))
    section.replaceWith(card(place, kept))
  })
  button('link').addEventListener('click', async () => {
    part('address').value = link
    show(part('qr'), false)
    show(part('address'))
    part('address').select()
    const copied = await navigator.clipboard.writeText(link).then(() => true, () => false)
    part('told').textContent = say(copied ? 'copied' : 'uncopied')
  })
  button('qr').addEventListener('click', event => once(event.target, async () => {
    part('qr').replaceChildren((await encoder()).drawn(link, say('scan')))
    show(part('address'), false)
    show(part('qr'))
    part('told').textContent = say('scan')
  }))
  button('erase').addEventListener('click', () => {
    if (!confirm(say('erase'))) return
    localStorage.removeItem(name)
    section.remove()
    show($('none'), !$('credentials').children.length)
  })
  return section
}

/** Load the encoder of QR codes, which few people need; the browser checks its hash as it does for the others. */
function encoder() {
  const script = document.createElement('script')
  Object.assign(script, { type: 'module', src: texts.dataset.qr, integrity: texts.dataset.integrity })
  document.head.append(script)
  return new Promise((resolve, reject) => {
    script.onload = () => resolve(import(script.src))
    script.onerror = () => reject(new Error(say('offline')))
  })
}

/** Post a form without anything that the browser would add, and return the reply. */
async function post(address, fields) {
  const body = new URLSearchParams({ ...fields, lang: document.documentElement.lang })
  const plain = { credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', redirect: 'error' }
  let response
  try {
    response = await fetch(address, { method: 'POST', body, ...plain })
  } catch {
    throw new Error(say('offline'))
  }
  const reply = await response.json().catch(() => ({}))
  if (response.ok) return reply
  // What has ended or never was cannot be looked at again.
  if ([404, 410].includes(response.status)) show($('invited'), false)
  throw reply.problem ? new Problem(reply.problem) : new Error(say('broken'))
}

/** Run what a button does, once at a time, and tell what went wrong. */
async function once(button, action) {
  button.disabled = true
  show($('problem'), false)
  try {
    await action()
  } catch (error) {
    tell(error.message)
  }
  button.disabled = false
}

function tell(sentence) {
  $('problem').firstElementChild.textContent = sentence
  show($('problem'))
  $('problem').scrollIntoView({ block: 'nearest' })
}

function reveal(section) {
  show(section)
  section.querySelector('h2').focus()
}

/** Put texts into the places of a section that name them; lists become one element each. */
function fill(section, values) {
  for (const place of section.querySelectorAll('[data-in]')) {
    const value = values[place.dataset.in]
    if (value === undefined) continue
    if (place.tagName === 'OL') place.replaceChildren(...value.map(word => element('li', word)))
    else place.textContent = Array.isArray(value) ? value.join(place.className === 'words' ? ' ' : ', ') : value
    if (place.className === 'note') show(place, !!value)
  }
}

function element(name, text) {
  const made = document.createElement(name)
  made.textContent = text
  return made
}

/** The words of a key: one for each of the first eight bytes of its hash. */
function words(hash) {
  const all = texts.dataset.words.split(' ')
  return Array.from(hash.slice(0, 8), byte => all[byte])
}

const context = door => new TextEncoder().encode(`assessment/credential/1|${door.campaign}|${door.node}|`)

const isFor = (record, door) => record.campaign === door.campaign && record.node === door.node

/** What this browser keeps under names that begin like this: [name, record]. */
function stored(beginning) {
  return Object.keys(localStorage)
    .filter(name => name.startsWith(beginning))
    .map(name => [name, read(localStorage.getItem(name))])
    .filter(([, record]) => record)
}

/** A record, or nothing. */
function read(text) {
  try { return JSON.parse(text) } catch {}
}

/** After the closing time a credential opens nothing; it only tells that somebody was asked. */
function forgetClosed() {
  for (const [name, record] of [...stored(KEPT), ...stored(PENDING)]) {
    if (record.until && Date.parse(record.until) < Date.now()) localStorage.removeItem(name)
  }
}
