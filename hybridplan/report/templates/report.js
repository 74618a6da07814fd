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

  function draw(name, width) {
    for (const { place, looks } of plots) {
      const figure = JSON.parse(JSON.stringify(looks[name]));
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
