"use strict";
// Draws every chart in the look of the page, again when that changes, and in light colours at paper's width for print.
(function () {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const config = { displaylogo: false, responsive: true, scrollZoom: false, modeBarButtonsToRemove: ["sendDataToCloud"] };
  const paperWidth = 700;
  const plots = Array.from(document.querySelectorAll(".plot"), (place) => ({
    place,
    looks: JSON.parse(document.getElementById(place.dataset.chart).textContent),
  }));

  // "=" holds another value; else records are changed name by name, and lists of records place by place.
  function merged(base, change) {
    if ("=" in change) return change["="];
    const copy = Array.isArray(base) ? base.slice() : { ...base };
    for (const name of Object.keys(change)) copy[name] = merged(copy[name], change[name]);
    return copy;
  }

  function draw(name, width) {
    for (const { place, looks } of plots) {
      const figure = structuredClone(name === "light" ? looks.light : merged(looks.light, looks[name]));
      figure.layout.autosize = !width;
      if (width) figure.layout.width = width;
      Plotly.react(place, figure.data, figure.layout, { ...config, responsive: !width, displayModeBar: width ? false : "hover" });
    }
  }

  function onScreen() {
    draw(dark.matches ? "dark" : "light", 0);
  }

  onScreen();
  dark.addEventListener("change", onScreen);
  window.addEventListener("beforeprint", () => draw("light", paperWidth));
  window.addEventListener("afterprint", onScreen);
})();
