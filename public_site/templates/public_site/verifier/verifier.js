// Checks the signature of a certificate's QR code. Needs nothing but this page: no network, no library.
(function () {
  "use strict";
  var byId = function (id) { return document.getElementById(id); };
  var keys = JSON.parse(byId("kunci").textContent);
  var site = document.documentElement.getAttribute("data-site");

  function say(name) {
    document.querySelectorAll("[data-say]").forEach(function (part) { part.hidden = part.getAttribute("data-say") !== name; });
    byId("isi").hidden = ["asli", "lewat", "belum"].indexOf(name) < 0;
    byId("hasil").hidden = false;
  }

  function bytesOf(text) {
    if (!/^[A-Za-z0-9_-]+$/.test(text)) { return null; }
    try {
      var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/") + "===".slice((text.length + 3) % 4));
      // Two texts must not mean the same bytes: the last character has bits to spare.
      if (btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") !== text) { return null; }
      return Uint8Array.from(plain, function (c) { return c.charCodeAt(0); });
    } catch (error) { return null; }
  }

  function day(text) {
    if (!/^\d{8}$/.test(text)) { throw new Error("day"); }
    return new Date(Date.UTC(+text.slice(0, 4), +text.slice(4, 6) - 1, +text.slice(6)));
  }

  function words(date) {
    return date.toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }

  /** The day by the clock of this device, written as in the token. */
  function today() {
    var now = new Date();
    return String(now.getFullYear() * 10000 + (now.getMonth() + 1) * 100 + now.getDate());
  }

  async function check(text) {
    text = text.trim();
    if (!text) { return "kosong"; }
    var mark = text.lastIndexOf("#");
    var address = mark < 0 ? "" : text.slice(0, mark);
    var content = bytesOf(text.slice(mark + 1));
    if (content === null || content.length < 66) { return mark < 0 ? "taktercerna" : "palsu"; }
    var payload = content.slice(0, -64), signature = content.slice(-64), fields;
    try {
      fields = new TextDecoder("utf-8", { fatal: true }).decode(payload.slice(1)).split("\n");
      if (payload[0] !== 1 || fields.length !== 7) { return "palsu"; }
      day(fields[5]);
      day(fields[6]);
    } catch (error) { return "palsu"; }
    var jwk = keys.find(function (one) { return one.kid === fields[0]; });
    if (!jwk) { return "takdikenal"; }
    var key;
    try {
      key = await crypto.subtle.importKey("raw", bytesOf(jwk.x), { name: "Ed25519" }, false, ["verify"]);
    } catch (error) { return "tua"; }
    if (!await crypto.subtle.verify({ name: "Ed25519" }, key, signature, payload)) { return "palsu"; }
    if (address && !address.endsWith("/verifikasi/" + fields[1] + "/")) { return "palsu"; }
    byId("nama").textContent = fields[3];
    byId("skema").textContent = fields[4];
    byId("nomor").textContent = fields[2];
    byId("terbit").textContent = words(day(fields[5]));
    byId("akhir").textContent = words(day(fields[6]));
    byId("jam").textContent = words(day(today()));
    byId("asing").hidden = !address || address.indexOf(site + "/") === 0;
    byId("sekarang").href = site + "/verifikasi/" + fields[1] + "/";
    if (today() < fields[5]) { return "belum"; }
    return today() > fields[6] ? "lewat" : "asli";
  }

  async function show() {
    var text = byId("teks").value;
    byId("hasil").hidden = true;
    say(await check(text));
  }

  if (!window.crypto || !crypto.subtle || !window.TextDecoder) {
    say("tua");
    byId("periksa").disabled = true;
    return;
  }
  byId("form").addEventListener("submit", function (event) { event.preventDefault(); show(); });
  if ("BarcodeDetector" in window) {
    byId("gambar").hidden = false;
    byId("berkas").addEventListener("change", async function () {
      try {
        var found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(this.files[0]));
        if (!found.length) { say("takterlihat"); return; }
        byId("teks").value = found[0].rawValue;
        show();
      } catch (error) { say("takterlihat"); }
    });
  }
})();
