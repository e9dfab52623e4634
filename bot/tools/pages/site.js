// Search in the first page. Without it everything can be read all the same.
(function () {
  var form = document.getElementById("search"), box = document.getElementById("words"),
      count = document.getElementById("count"),
      browse = [].slice.call(document.querySelectorAll(".browse")),
      groups = [].slice.call(document.querySelectorAll("details.every")),
      items = [].slice.call(document.querySelectorAll("details.every li"));
  var texts = items.map(function (li) {
    return (" " + li.textContent + " " + li.dataset.words).toLowerCase();
  });
  function search() {
    var words = box.value.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    // Words that stand nowhere are those of any question: they tell nothing apart.
    var told = words.filter(function (w) {
      return texts.some(function (text) { return text.indexOf(" " + w) >= 0; });
    });
    var none = words.length && !told.length, left = 0;
    items.forEach(function (li, i) {
      li.hidden = none || !told.every(function (w) { return texts[i].indexOf(" " + w) >= 0; });
      left += !li.hidden;
    });
    groups.forEach(function (group) {
      group.hidden = !group.querySelector("li:not([hidden])");
      group.open = words.length > 0 && !group.hidden;
    });
    browse.forEach(function (section) { section.hidden = words.length > 0; });
    count.textContent = !words.length ? "" : left ? form.dataset.found.replace("…", left) : form.dataset.none;
  }
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  box.addEventListener("input", search);
  box.value = decodeURIComponent((location.hash.match(/find=([^&]*)/) || ["", ""])[1]);
  search();
})();
