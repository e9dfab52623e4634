// Search in the first page. Without it everything can be read all the same.

// Finds pages by words: a service that is named first, then what is asked about. `known` is
// words.js, `there(path)` whether there is such an answer. Gives paths, the best one first.
function takebackSearch(known, there) {
  function split(text) {
    return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/['’]/g, "")
      .split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  }
  function line(text) { return " " + split(text).join(" ") + " "; }
  function lines(text) { return text.split("|").map(line).filter(function (name) { return name.trim(); }); }

  var forms = new Map();
  known.words.split("\n").forEach(function (entry) {
    var parts = entry.split(":"), weights = parts[1].split(" ").map(function (w) { return w.split("=").map(Number); });
    parts[0].split(" ").forEach(function (form) { forms.set(form, weights); });
  });
  var services = known.services.map(function (s) {
    return { path: s[0], words: split(s[1]), names: lines(s[2]), kinds: lines(s[3]), weak: lines(s[4]) };
  });
  // One letter more, less, other, or two of them swapped.
  function slip(a, b) {
    var i = 0, m = a.length, n = b.length;
    if (Math.abs(m - n) > 1 || a === b) { return a === b; }
    while (i < m && a[i] === b[i]) { i++; }
    return a.slice(i + (m >= n)) === b.slice(i + (n >= m)) ||
      (a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2));
  }
  // The weights of a word: its own, those of the form most like it, or of what it is a slip for.
  function weights(word) {
    if (forms.has(word)) { return forms.get(word); }
    var best = 0, found = null;
    forms.forEach(function (value, form) {
      var same = 0, least = Math.min(form.length, word.length);
      while (same < least && form[same] === word[same]) { same++; }
      var rest = form.length + word.length - 2 * same;
      if (same >= 4 && form.length - same <= 3 && word.length - same <= 3 && same * 8 - rest > best) {
        best = same * 8 - rest; found = value;
      }
    });
    if (!found && word.length > 4) {
      forms.forEach(function (value, form) { if (!found && form.length > 3 && slip(form, word)) { found = value; } });
    }
    return found;
  }
  function holds(text, names) { return names.filter(function (name) { return text.indexOf(name) >= 0; }); }

  // The services that are named, and the text without their names.
  function named(text) {
    // Few words are hardly a sentence in which a name such as "signal" means something else.
    var few = split(text).length <= 4;
    function names(s) { return few ? s.names.concat(s.weak) : s.names; }
    var whole = services.filter(function (s) { return holds(text, names(s)).length; }),
        kind = services.filter(function (s) { return holds(text, s.kinds).length; }),
        both = whole.filter(function (s) { return kind.indexOf(s) >= 0; }), left = text;
    whole.forEach(function (s) {
      holds(text, names(s)).forEach(function (name) { left = left.replace(name, " "); });
    });
    return { services: both.length ? both : whole.length ? whole : kind, left: left };
  }
  // Services that have a word in their names; the last word may be unfinished, or a slip.
  function partly(words) {
    var found = [];
    words.forEach(function (word, at) {
      if (word.length < 3) { return; }
      var exact = services.filter(function (s) { return s.words.indexOf(word) >= 0; });
      if (!exact.length && forms.has(word)) { return; }
      var likely = exact.length ? exact : services.filter(function (s) {
        return s.words.some(function (w) {
          return (at === words.length - 1 && w.indexOf(word) === 0) || (word.length > 4 && w.length > 4 && w[0] === word[0] && slip(w, word));
        });
      });
      found = found.concat(likely.filter(function (s) { return found.indexOf(s) < 0; }));
    });
    return found;
  }
  return function (text) {
    var told = named(line(text)), words = Array.from(new Set(split(told.left))), sums = {}, some = told.services.slice(0, 3);
    words.forEach(function (word) {
      (weights(word) || []).forEach(function (w) { sums[w[0]] = (sums[w[0]] || 0) + w[1]; });
    });
    var topics = Object.keys(sums).sort(function (a, b) { return sums[b] - sums[a] || a - b; });
    topics = topics.filter(function (t) {
      return sums[t] >= 0.45 * sums[topics[0]] && (!told.services.length || sums[t] >= 4);
    }).slice(0, some.length > 1 ? 2 : 4).map(function (t) { return known.topics[t]; });
    var paths = [];
    function anchored(s, topic) { return s.path + "#" + topic; }
    if (some.length) {
      if (!topics.length) { some.forEach(function (s) { paths.push(s.path); }); }
      (topics.length ? topics : some.length > 1 ? [] : known.topics.slice(0, 4)).forEach(function (topic) {
        var own = some.map(function (s) { return anchored(s, topic); }).filter(there);
        if (topics.length && own.length < some.length) { paths.push("topics/" + topic + ".html"); }
        paths = paths.concat(own);
      });
      if (topics.length) { some.forEach(function (s) { paths.push(s.path); }); }
      return paths;
    }
    var likely = partly(words).slice(0, 6), pages = topics.map(function (topic) { return "topics/" + topic + ".html"; });
    // One word that a name begins with is rather the name.
    if (words.length === 1) { return likely.map(function (s) { return s.path; }).concat(pages); }
    return pages.concat(likely.map(function (s) {
      return topics.length && there(anchored(s, topics[0])) ? anchored(s, topics[0]) : s.path;
    }));
  };
}

if (typeof document !== "undefined") { (function () {
  var form = document.getElementById("search"), box = document.getElementById("terms"),
      count = document.getElementById("count"), results = document.getElementById("results"),
      browse = [].slice.call(document.querySelectorAll(".browse")), items = new Map();
  [].slice.call(document.querySelectorAll(".browse li")).forEach(function (li) {
    items.set(li.querySelector("a").getAttribute("href"), li);
  });
  var find = takebackSearch(takebackWords, function (path) { return items.has(path); });
  function search() {
    var asked = box.value.trim().length, found = find(box.value).filter(function (path) { return items.has(path); });
    results.textContent = "";
    found.forEach(function (path) { results.appendChild(items.get(path).cloneNode(true)); });
    results.hidden = !found.length;
    browse.forEach(function (section) { section.hidden = found.length > 0; });
    // Who has typed two letters has hardly said what is wanted yet.
    count.textContent = found.length ? form.dataset.found.replace("…", found.length) : asked > 2 ? form.dataset.none : "";
  }
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  box.addEventListener("input", search);
  box.value = decodeURIComponent((location.hash.match(/find=([^&]*)/) || ["", ""])[1]);
  search();
})(); }
