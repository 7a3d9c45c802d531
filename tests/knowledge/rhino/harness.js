/*
 * Runs many scripts as Mirth Connect would, in one Rhino process: rhino harness.js RUNS.json
 *
 * RUNS.json is a list of {language, filter, kind, message, templateKind, template, maps, destinations, code}. One line
 * of JSON comes out for each. What is here follows com.mirth.connect.server.builders.JavaScriptBuilder and
 * com.mirth.connect.server.userutil.DestinationSet: filter rules are functions whose result must be == true,
 * transformer steps are the body of one function, maps are Java maps (so what they give back is a Java String).
 */

// As in JavaScriptBuilder: scripts see these two, not those of the language.
String.prototype.trim = function () { return this.replace(/^\s+|\s+$/g, ''); };
Array.prototype.toString = function () { return JSON.stringify(this); };
XML.prettyPrinting = false;

var log, sourceMap, channelMap, connectorMap, globalChannelMap, globalMap, configurationMap, responseMap;
var destinationSet, logger, msg, tmp;

function recorded(level) { return function (text) { log.push(level + ': ' + text); }; }

function $c(key, value) { return arguments.length == 1 ? channelMap.get(key) : channelMap.put(key, value); }
function $co(key, value) { return arguments.length == 1 ? connectorMap.get(key) : connectorMap.put(key, value); }
function $s(key, value) { return arguments.length == 1 ? sourceMap.get(key) : sourceMap.put(key, value); }
function $g(key, value) { return arguments.length == 1 ? globalMap.get(key) : globalMap.put(key, value); }
function $gc(key, value) { return arguments.length == 1 ? globalChannelMap.get(key) : globalChannelMap.put(key, value); }
function $cfg(key, value) { return arguments.length == 1 ? configurationMap.get(key) : configurationMap.put(key, value); }

function $(key) {
  var maps = [responseMap, connectorMap, channelMap, sourceMap, globalChannelMap, globalMap, configurationMap];
  for (var i = 0; i < maps.length; i++) {
    if (maps[i].containsKey(key)) { return maps[i].get(key); }
  }
  return '';
}

function createSegment(name, parent, index) {
  if (arguments.length == 1) { return new XML('<' + name + '></' + name + '>'); }
  if (arguments.length == 2) { index = 0; }
  parent[name][index] = new XML('<' + name + '></' + name + '>');
  return parent[name][index];
}

// Names or numbers, one or several; true if something was removed. Numbers count from 1, as the channel does.
function DestinationSet(names) {
  var left = names.slice();
  function wanted(given) {
    var many = given instanceof Array ? given : [given];
    return many.map(function (one) { return typeof one == 'number' ? names[one - 1] : String(one); });
  }
  function keep(test) {
    var before = left.length;
    left = left.filter(test);
    return left.length < before;
  }
  this.remove = function (given) {
    var names = wanted(given);
    return keep(function (name) { return names.indexOf(name) < 0; });
  };
  this.removeAllExcept = function (given) {
    // One name that no destination has removes nothing; a list of such names removes all.
    if (!(given instanceof Array) && names.indexOf(wanted(given)[0]) < 0) { return false; }
    var kept = wanted(given);
    return keep(function (name) { return kept.indexOf(name) >= 0; });
  };
  this.removeAll = function () { return keep(function () { return false; }); };
  this.removed = function () { return names.filter(function (name) { return left.indexOf(name) < 0; }); };
}

function javaMap(entries) {
  var made = new java.util.LinkedHashMap();
  for (var key in entries || {}) { made.put(key, entries[key]); }
  return made;
}

function plain(map) {
  var made = {};
  for (var keys = map.keySet().iterator(); keys.hasNext();) {
    var key = keys.next();
    var value = map.get(key);
    made[String(key)] = value === null ? null : String(value);
  }
  return made;
}

// Mirth's Rhino is patched to keep blanks around a text; here it has to be told not to touch them (issue 369394).
function parsed(kind, text) {
  if (kind == 'JSON') { return JSON.parse(text); }
  XML.ignoreWhitespace = false;
  try {
    return new XML(text);
  } finally {
    XML.ignoreWhitespace = true;
  }
}

function written(value) {
  if (value === null || value === undefined) { return null; }
  if (typeof value == 'xml') { return value.toXMLString(); }
  return typeof value == 'string' ? value : JSON.stringify(value);
}

// As in JavaScriptBuilder: rules are functions of their own, steps are the body of one function.
function doFilter(code) { return eval('(function () {\n' + code + '\n})')() == true; }

function doTransform(code) {
  eval('(function () {\n' + code + '\n})')();
  if ('xml' === typeof msg && msg.hasSimpleContent()) { msg = msg.toXMLString(); }
  if ('xml' === typeof tmp && tmp.hasSimpleContent()) { tmp = tmp.toXMLString(); }
}

function run(one) {
  log = [];
  logger = {};
  ['trace', 'debug', 'info', 'warn', 'error'].forEach(function (level) { logger[level] = recorded(level); });
  sourceMap = javaMap(one.maps.sourceMap);
  channelMap = javaMap(one.maps.channelMap);
  globalChannelMap = javaMap(one.maps.globalChannelMap);
  globalMap = javaMap(one.maps.globalMap);
  configurationMap = javaMap(one.maps.configurationMap);
  connectorMap = javaMap();
  responseMap = javaMap();
  destinationSet = new DestinationSet(one.destinations);
  msg = parsed(one.kind, one.message);
  tmp = one.templateKind ? parsed(one.templateKind, one.template) : undefined;
  var names = Object.keys(this).sort().join();
  var result = { returns: null, error: null };
  try {
    if (one.filter) { result.returns = doFilter(one.code); } else { doTransform(one.code); }
  } catch (error) {
    result.error = String(error);
  }
  result.leaked = Object.keys(this).sort().join() != names;
  result.channelMap = plain(channelMap);
  result.globalChannelMap = plain(globalChannelMap);
  result.removed = destinationSet.removed();
  result.log = log;
  result.msg = written(msg);
  result.tmp = written(tmp);
  return result;
}

// Output is ASCII whatever the locale of the machine is.
function ascii(text) {
  return text.replace(/[\u007f-\uffff]/g, function (character) {
    return '\\u' + ('0000' + character.charCodeAt(0).toString(16)).slice(-4);
  });
}

JSON.parse(readFile(arguments[0], 'UTF-8')).forEach(function (one) {
  version(one.language);
  var result;
  try {
    result = run(one);
  } catch (error) {
    result = { error: 'the harness failed: ' + error };
  }
  print(ascii(JSON.stringify(result)));
});
