// Checks PDF files against veraPDF's own rules for PDF/UA-1: reads one path a line, answers each with a line of JSON.
//
// veraPDF reads its rules through JAXB, which the archive lacks; they are read here by hand, all of them.
var profiles = Packages.org.verapdf.pdfa.validation.profiles;
var flavours = Packages.org.verapdf.pdfa.flavours;
var flavour = flavours.PDFAFlavour.fromString("ua1");

function children(node, name) {
  var found = node.getElementsByTagName(name), list = [];
  for (var i = 0; i < found.getLength(); i++) list.push(found.item(i));
  return list;
}

function text(node, name) {
  return children(node, name)[0].getTextContent();
}

function rule(node) {
  var id = children(node, "id")[0], error = children(node, "error")[0], told = new java.util.ArrayList();
  children(error, "argument").forEach(function (argument) {
    told.add(profiles.ErrorArgumentImpl.fromValues(argument.getTextContent(), null, null));
  });
  return profiles.Profiles.ruleFromValues(
    profiles.Profiles.ruleIdFromValues(
      flavours.PDFAFlavour.Specification[id.getAttribute("specification")],
      id.getAttribute("clause"),
      java.lang.Integer.parseInt(id.getAttribute("testNumber"))
    ),
    node.getAttribute("object"),
    node.getAttribute("deferred") == "true" ? java.lang.Boolean.TRUE : null,
    node.getAttribute("tags"),
    text(node, "description"),
    text(node, "test"),
    profiles.Profiles.errorFromValues(text(error, "message"), told),
    new java.util.ArrayList()
  );
}

function profile() {
  var source = java.lang.ClassLoader.getSystemResourceAsStream("org/verapdf/pdfa/validation/PDFUA-1.xml");
  var root = javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(source);
  var rules = new java.util.HashSet(), variables = new java.util.HashSet();
  children(root, "rule").forEach(function (node) { rules.add(rule(node)); });
  children(root, "variable").forEach(function (node) {
    variables.add(profiles.Profiles.variableFromValues(
      node.getAttribute("name"), node.getAttribute("object"), text(node, "defaultValue"), text(node, "value")
    ));
  });
  var details = profiles.Profiles.profileDetailsFromValues("PDF/UA-1", "", "", new java.util.Date(0));
  return profiles.Profiles.profileFromValues(flavour, details, "", rules, variables);
}

java.util.logging.LogManager.getLogManager().reset();
Packages.org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
var foundry = Packages.org.verapdf.pdfa.Foundries.defaultInstance();
var rules = profile();
function check(path) {
  var parser = foundry.createParser(new java.io.File(path), flavour);
  var result = foundry.createValidator(rules, 10, false, true, false).validate(parser);
  var failures = [], told = result.getTestAssertions().iterator();
  while (told.hasNext()) {
    var one = told.next();
    if (String(one.getStatus().name()) == "FAILED") failures.push(
      one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " " + one.getMessage() +
      " (" + one.getLocation().getContext() + ")"
    );
  }
  parser.close();
  return {
    n_rules: Number(rules.getRules().size()),
    n_checks: Number(result.getTotalAssertions()),
    is_compliant: Boolean(result.isCompliant()),
    failures: failures
  };
}

var input = new java.io.BufferedReader(new java.io.InputStreamReader(java.lang.System["in"])), path;
while ((path = input.readLine()) !== null) {
  java.lang.System.out.println(JSON.stringify(check(path)));
  java.lang.System.out.flush();
}
