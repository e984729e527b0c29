/* The service worker of the candidate's desk. Served by views/offline.py, which puts VERSION, ASSETS, FALLBACK and
   store.js before this. Pages whose answer names their owner (Offline-Owner) can be opened without network;
   nothing else is kept but the portal's own style and scripts. */
(() => {
  'use strict';

  const { ASSETS, FALLBACK, VERSION } = self.lspWorker;
  const STATIC = `aset-${VERSION}`;
  const PAGES = 'halaman-';
  const WEEK = 7 * 864e5;
  const PATIENCE = 8000; // a link that is there and carries nothing

  const dropOthers = async (prefix, keep) => {
    for (const name of await caches.keys()) if (name.startsWith(prefix) && name !== keep) await caches.delete(name);
  };

  addEventListener('install', (event) => event.waitUntil((async () => {
    const cache = await caches.open(STATIC);
    await cache.addAll([...ASSETS, new Request(FALLBACK, { credentials: 'omit' })]);
    await skipWaiting();
  })()));

  addEventListener('activate', (event) => event.waitUntil((async () => {
    // A page that lies on the phone was drawn by the release before and needs its style and scripts: without them it
    // would take what is typed and keep nothing.
    if (!(await caches.keys()).some((name) => name.startsWith(PAGES))) await dropOthers('aset-', STATIC);
    await clients.claim();
  })()));

  addEventListener('message', (event) => event.waitUntil(clients.claim()));

  async function keep(address, response) {
    const owner = response.headers.get('Offline-Owner');
    if (!response.ok || !owner) return;
    await dropOthers(PAGES, PAGES + owner);
    const drawn = (await response.text())
      .replace('<body', '<body data-kept') // form.js: no fresh page
      .replace(/<meta name="draft-saved"[^>]*>/, '') // true when drawn; what is typed later has not arrived
      .replace(/<input[^>]*data-no-draft[^>]*>/g, (field) => field.replace(/ value="[^"]*"/, ''));
    await (await caches.open(PAGES + owner)).put(address, new Response(drawn, { headers: response.headers }));
  }

  async function kept(address) {
    for (const name of await caches.keys()) {
      const found = name.startsWith(PAGES) && await (await caches.open(name)).match(address);
      if (found && Date.parse(found.headers.get('date')) > Date.now() - WEEK) return found;
    }
    return null;
  }

  const later = () => new Promise((done) => { setTimeout(done, PATIENCE); });

  async function page(event, address) {
    const fresh = fetch(event.request).then((response) => {
      event.waitUntil(keep(address, response.clone()));
      return response;
    });
    try {
      return await Promise.race([fresh, later().then(() => kept(address))]) || await fresh;
    } catch {
      return await kept(address) || caches.match(FALLBACK);
    }
  }

  /* A form that could not be sent: back to its page, where form.js puts in what was typed. */
  const sent = async (event, address) => {
    try {
      return await fetch(event.request);
    } catch {
      return await kept(address) || caches.match(FALLBACK);
    }
  };

  async function asset(request) {
    const fresh = await fetch(request).catch(() => null);
    if (fresh?.ok) return fresh;
    return await (await caches.open(STATIC)).match(request) || await caches.match(request) || fresh || Response.error();
  }

  addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (origin !== location.origin) return;
    if (request.mode === 'navigate') event.respondWith((request.method === 'GET' ? page : sent)(event, pathname));
    else if (/\.(css|js|svg)$/.test(pathname)) event.respondWith(asset(request));
  });

  /* Background Sync: the link is back, perhaps with no page open. What still cannot be sent is tried again. */
  addEventListener('sync', (event) => event.waitUntil((async () => {
    const results = await self.lspStore.flushAll();
    if (results.some(({ state }) => state === 'offline')) throw new Error('offline');
  })()));
})();
