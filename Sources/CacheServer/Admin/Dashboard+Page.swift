// swift-format-ignore-file

extension Dashboard {
    static let head = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>semcache</title>
        <link rel="icon" href="data:,">
        </head>
        """#

    static let styles = #"""
        :root { --paper: #fbfaf7; --card: #fff; --ink: #1d2530; --soft: #5b6674; --line: #e1ded6;
          --exact: #1f6f5c; --meaning: #c7772b; --joined: #5a6fb0; --miss: #b9b4a8; --bad: #a8322a; }
        @media (prefers-color-scheme: dark) { :root { --paper: #14181d; --card: #1b2128; --ink: #e8e6e0;
          --soft: #9aa4b0; --line: #2c343d; --exact: #54b899; --meaning: #e09a55; --joined: #8fa2e0;
          --miss: #4a525c; --bad: #e5756c; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        header { display: flex; gap: 1rem; align-items: baseline; padding: 1rem 1.25rem; flex-wrap: wrap;
          border-bottom: 1px solid var(--line); }
        h1 { font-size: 1.15rem; margin: 0; letter-spacing: .02em; }
        h2 { font-size: .95rem; margin: 0 0 .6rem; }
        main { display: grid; gap: 1rem; padding: 1.25rem; max-width: 1280px; margin: 0 auto;
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem;
          min-width: 0; }
        .wide { grid-column: 1 / -1; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: .75rem; }
        .figures div { display: flex; flex-direction: column-reverse; }
        .figures dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; line-height: 1.2; }
        dt, .soft { color: var(--soft); font-size: .85rem; }
        dl { margin: 0; }
        .scroll { overflow-x: auto; } .scroll + .scroll { margin-top: 1.2rem; }
        table { border-collapse: collapse; width: 100%; font-size: .88rem; }
        th { text-align: left; font-weight: 500; color: var(--soft); }
        th, td { padding: .35rem .6rem .35rem 0; border-top: 1px solid var(--line); vertical-align: top; }
        td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.t { min-width: 10rem; max-width: 28rem; overflow-wrap: anywhere; }
        button, input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line);
          border-radius: 6px; padding: .3rem .7rem; min-height: 32px; }
        button { cursor: pointer; } button:hover { border-color: var(--soft); }
        button.bad { color: var(--bad); }
        :focus-visible { outline: 2px solid var(--joined); outline-offset: 2px; }
        form { display: flex; gap: .5rem; flex-wrap: wrap; margin-bottom: .6rem; }
        form input { flex: 1 1 12rem; min-width: 0; }
        svg { width: 100%; height: 160px; display: block; }
        .key { display: flex; gap: 1rem; flex-wrap: wrap; font-size: .85rem; color: var(--soft); }
        .key i { display: inline-block; width: .7rem; height: .7rem; border-radius: 2px; margin-right: .35rem; }
        @media (max-width: 600px) { .stack thead { display: none; } .stack tr { display: block;
            border-top: 1px solid var(--line); padding: .5rem 0; }
          .stack td { display: block; border: 0; padding: .1rem 0; max-width: none; text-align: left; }
          .stack td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); } }
        #message:empty { display: none; }
        #message { color: var(--bad); margin-left: auto; }
        """#

    static let content = #"""
        <body>
        <header><h1>semcache</h1><span class="soft" id="summary">reading …</span>
        <span id="message" role="status" aria-live="polite"></span></header>
        <main>
        <section class="wide" aria-label="Savings"><dl class="figures" id="figures"></dl></section>
        <section class="wide"><h2>Answers over time</h2><div id="history"></div>
        <div class="key"><span><i style="background:var(--exact)"></i>word for word</span>
        <span><i style="background:var(--meaning)"></i>in meaning</span>
        <span><i style="background:var(--joined)"></i>joined or stale</span>
        <span><i style="background:var(--miss)"></i>from the model</span></div></section>
        <section><h2>Time to the first byte</h2><div class="scroll"><table><thead><tr><th scope="col"></th>
        <th scope="col" class="n">p50</th><th scope="col" class="n">p90</th><th scope="col" class="n">p99</th></tr></thead>
        <tbody id="latency"></tbody></table></div></section>
        <section><h2>Similarity of the nearest question</h2><div id="similarity"></div>
        <div class="soft" id="threshold"></div></section>
        <section class="wide"><h2>Namespaces</h2><div class="scroll"><table><thead><tr><th scope="col">name</th>
        <th scope="col" class="n">hit rate</th><th scope="col" class="n">hits</th><th scope="col" class="n">misses</th>
        <th scope="col" class="n">answers</th><th scope="col" class="n">wordings</th><th scope="col" class="n">threshold</th>
        <th scope="col" class="n">saved</th></tr></thead><tbody id="namespaces"></tbody></table></div></section>
        <section class="wide" id="shared" hidden><h2>Replicas</h2><p class="soft" id="tier"></p><div class="scroll"><table class="stack">
        <thead><tr><th scope="col">replica</th><th scope="col" class="n">changes behind</th>
        <th scope="col" class="n">namespaces</th></tr></thead><tbody id="replicas"></tbody></table></div>
        <div class="scroll"><table class="stack"><thead><tr><th scope="col">namespace here</th><th scope="col">state</th>
        <th scope="col" class="n">changes behind</th><th scope="col" class="n">heard</th></tr></thead>
        <tbody id="followed"></tbody></table></div></section>
        <section class="wide"><h2>Near misses</h2><p class="soft">Questions that came near to a stored one. Say whether
        the stored answer would have been right.</p><div class="scroll"><table class="stack"><thead><tr><th scope="col">asked</th>
        <th scope="col">nearest</th><th scope="col" class="n">similarity</th><th scope="col">reason</th>
        <th scope="col">stored answer</th></tr></thead><tbody id="misses"></tbody></table></div></section>
        <section class="wide"><h2>Answers</h2><form id="search"><input name="prefix" aria-label="Question starts with"
        placeholder="question starts with"><input name="tag" aria-label="Tag" placeholder="tag">
        <button>Search</button></form><div class="scroll"><table class="stack"><thead><tr><th scope="col">question</th>
        <th scope="col">answer</th><th scope="col">namespace</th><th scope="col" class="n">worth</th>
        <th scope="col">remove</th></tr></thead><tbody id="entries"></tbody></table></div></section>
        </main>
        """#

    static let script = #"""
        'use strict';
        const $ = id => document.getElementById(id);
        const make = (name, text, attributes = {}) => {
          const element = document.createElement(name);
          if (text !== undefined && text !== null) element.textContent = text;
          for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
          return element;
        };
        let token = sessionStorage.getItem('token') || '';
        async function call(method, path, body) {
          const headers = {};
          if (token) headers.authorization = 'Bearer ' + token;
          if (body) headers['content-type'] = 'application/json';
          const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
          if (answer.status === 401) {
            token = prompt('Admin token') || '';
            sessionStorage.setItem('token', token);
            if (token) return call(method, path, body);
          }
          const json = await answer.json();
          if (!answer.ok) throw new Error(json.error ? json.error.message : answer.statusText);
          return json;
        }
        const percent = value => (100 * value).toFixed(1) + ' %';
        const time = value => value === null || value === undefined ? '–'
          : value < 1 ? (1000 * value).toPrecision(3) + ' ms' : value.toPrecision(3) + ' s';
        const count = value => Number(value).toLocaleString('en');
        const money = value => '$' + Number(value).toFixed(value < 1 ? 4 : 2);
        function rows(id, list, columns, empty) {
          const body = $(id);
          const labels = [...body.parentElement.tHead.rows[0].cells].map(cell => cell.textContent.replace(/\s+/g, ' ').trim());
          const focused = document.activeElement && document.activeElement.dataset.key;
          body.replaceChildren(...list.map(item => {
            const row = make('tr');
            for (const [value, kind] of columns(item)) {
              const cell = make('td', value instanceof Node ? null : value, kind ? { class: kind } : {});
              if (labels[row.childElementCount]) cell.dataset.label = labels[row.childElementCount];
              if (value instanceof Node) cell.append(value);
              row.append(cell);
            }
            return row;
          }));
          if (!list.length) {
            const row = make('tr');
            row.append(make('td', empty, { class: 'soft', colspan: '9' }));
            body.append(row);
          }
          if (focused) { const again = body.querySelector('[data-key="' + CSS.escape(focused) + '"]'); if (again) again.focus(); }
        }
        function button(label, name, key, action, kind) {
          const element = make('button', label, { 'aria-label': name, 'data-key': key });
          if (kind) element.className = kind;
          element.addEventListener('click', () => guard(action));
          return element;
        }
        async function guard(action) {
          try { await action(); $('message').textContent = ''; } catch (error) { $('message').textContent = error.message; }
        }
        const space = 'http:' + '//www.w3.org/2000/svg';
        function shape(name, attributes) {
          const element = document.createElementNS(space, name);
          for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
          return element;
        }
        function bars(id, groups, label, line) {
          const svg = shape('svg', { viewBox: '0 0 600 160', preserveAspectRatio: 'none', role: 'img', 'aria-label': label });
          const top = Math.max(1, ...groups.map(group => group.reduce((sum, part) => sum + part[0], 0)));
          const width = 600 / Math.max(1, groups.length);
          groups.forEach((group, index) => {
            let y = 158;
            for (const [value, color] of group) {
              const height = 150 * value / top;
              y -= height;
              svg.append(shape('rect', { x: index * width + .5, y, width: Math.max(.5, width - 1), height, style: 'fill:var(' + color + ')' }));
            }
          });
          svg.append(shape('line', { x1: 0, x2: 600, y1: 158.5, y2: 158.5, style: 'stroke:var(--line)' }));
          if (line !== undefined) svg.append(shape('line', { x1: 600 * line, x2: 600 * line, y1: 0, y2: 158, style: 'stroke:var(--bad);stroke-dasharray:4 3' }));
          $(id).replaceChildren(svg);
        }
        async function showStatistics() {
          const stats = await call('GET', 'api/stats');
          const l = stats.lookups;
          const hits = l.exact_hits + l.store_hits + l.shared_hits + l.semantic_hits + l.coalesced + l.stale;
          $('summary').textContent = count(hits + l.misses + l.bypasses) + ' requests, ' + count(stats.store.entries) + ' answers stored';
          const figures = [['hit rate', percent(l.hit_rate)], ['saved', money(l.saved_usd)],
            ['tokens saved', count(l.saved_tokens)], ['model time saved', time(l.saved_seconds)],
            ['word for word', count(l.exact_hits + l.store_hits + l.shared_hits)], ['in meaning', count(l.semantic_hits)],
            ['joined', count(l.coalesced)], ['under way', count(stats.requests_in_flight)]];
          $('figures').replaceChildren(...figures.map(([name, value]) => {
            const box = make('div'); box.append(make('dt', name), make('dd', value)); return box;
          }));
          const first = stats.first_byte_seconds;
          rows('latency', [['from the cache', first.hit], ['from the model', first.miss], ['lookup alone', stats.lookup_seconds]],
            ([name, q]) => [[name], [time(q.p50), 'n'], [time(q.p90), 'n'], [time(q.p99), 'n']], '');
          bars('similarity', stats.similarity.counts.slice(0, 20).map(n => [[n, '--meaning']]), 'Similarities from 0 to 1', stats.threshold);
          showSharedTier(stats.shared_tier);
          $('threshold').textContent = 'from 0 to 1; the line is the threshold, ' + stats.threshold;
        }
        // Tenants that callers' keys stand for are digests: the beginning tells them apart.
        const tenant = name => name.length > 16 ? name.slice(0, 8) + '…' : name;
        const scoped = name => name.indexOf(':') > 16 ? tenant(name.split(':')[0]) + ' / ' + name.slice(name.indexOf(':') + 1) : name;
        function showSharedTier(tier) {
          $('shared').hidden = !tier;
          if (!tier) return;
          $('tier').textContent = (tier.connected ? 'connected' : 'not connected: answers of this replica only')
            + (tier.is_cluster ? ', Cluster of ' + count(tier.nodes) : '') + ', ' + count(tier.queued) + ' answers wait, '
            + count(tier.published) + ' published, ' + count(tier.dropped) + ' dropped, ' + count(tier.applied_changes) + ' changes applied';
          rows('replicas', tier.replicas, r => [[r.name, 't'], [count(r.lag), 'n'], [count(r.namespaces), 'n']], 'None has been heard of.');
          const furthest = tier.namespaces.slice().sort((a, b) => b.lag - a.lag).slice(0, 20);
          rows('followed', furthest, n => [[scoped(n.namespace), 't'],
            [n.phase === 'hydrating' ? n.phase + ' ' + count(n.hydrated) + ' of ' + count(n.to_hydrate) : n.phase],
            [count(n.lag), 'n'], [n.seconds_since_heard === null ? '–' : time(n.seconds_since_heard) + ' ago', 'n']], 'None is followed.');
        }
        async function showHistory() {
          const samples = (await call('GET', 'api/history')).samples;
          const groups = [];
          for (let i = 1; i < samples.length; i++) {
            const d = key => Math.max(0, samples[i][key] - samples[i - 1][key]);
            groups.push([[d('exact_hits') + d('store_hits') + d('shared_hits'), '--exact'], [d('semantic_hits'), '--meaning'],
              [d('coalesced') + d('stale'), '--joined'], [d('misses'), '--miss']]);
          }
          bars('history', groups.slice(-180), 'Answers in each 10 seconds by where they came from');
        }
        async function showNamespaces() {
          const list = (await call('GET', 'api/namespaces')).namespaces;
          rows('namespaces', list, n => { const l = n.lookups; return [[(n.tenant ? tenant(n.tenant) + ' / ' : '') + n.namespace],
            [percent(l.hit_rate), 'n'], [count(l.exact_hits + l.store_hits + l.shared_hits + l.semantic_hits + l.coalesced + l.stale), 'n'],
            [count(l.misses), 'n'], [count(n.entries), 'n'], [count(n.questions), 'n'], [n.threshold, 'n'], [money(l.saved_usd), 'n']]; },
            'No requests yet. Point a client at the proxy.');
        }
        async function showMisses() {
          const list = (await call('GET', 'api/near-misses')).near_misses.slice(0, 20);
          rows('misses', list, m => {
            const judge = make('span');
            const say = verdict => () => call('POST', 'api/feedback', { entry: m.nearest.entry, verdict, question: m.question }).then(refresh);
            judge.append(button('right', 'The stored answer is right for: ' + m.question, 'g' + m.time, say('good')), ' ',
              button('wrong, remove it', 'The stored answer is wrong; remove it: ' + m.nearest.question, 'b' + m.time, say('bad'), 'bad'));
            return [[m.question, 't'], [m.nearest.question, 't'], [m.nearest.similarity.toFixed(3), 'n'], [m.reason], [judge]];
          }, 'None yet.');
        }
        async function showEntries() {
          const form = new FormData($('search'));
          const query = new URLSearchParams({ limit: '200' });
          for (const key of ['prefix', 'tag']) if (form.get(key)) query.set(key, form.get(key));
          const list = (await call('GET', 'api/entries?' + query)).entries;
          list.sort((a, b) => (b.cost_usd || 0) - (a.cost_usd || 0));
          rows('entries', list.slice(0, 50), e => [[e.questions.join(' · '), 't'], [e.answer.slice(0, 240), 't'], [e.namespace],
            [e.cost_usd === null ? '–' : money(e.cost_usd), 'n'],
            [button('remove', 'Remove the answer to: ' + e.questions[0], e.id, () => call('DELETE', 'api/entries/' + e.id).then(refresh), 'bad')]],
            'No answers stored.');
        }
        const refresh = () => Promise.all([showStatistics(), showHistory(), showNamespaces(), showMisses(), showEntries()]);
        $('search').addEventListener('submit', event => { event.preventDefault(); guard(showEntries); });
        guard(refresh);
        setInterval(() => { if (!document.hidden) guard(() => Promise.all([showStatistics(), showHistory(), showNamespaces()])); }, 2000);
        """#
}
