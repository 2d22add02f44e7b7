// SPDX-License-Identifier: GPL-3.0-or-later
// node make_refusals.js ORACLE_FOLDER QUERIES.jsonl PER_KIND SEED
// Breaks each query by dropping, doubling or swapping a token and prints {id, query, ok, start}: whether Microsoft's parser (installed in the
// oracle's folder) still takes the text, and where its first error stands, in bytes.
'use strict';
const fs = require('fs');
const path = require('path');
const [oracle, queries, perKind, seedText] = process.argv.slice(2);
const pack = path.join(path.resolve(oracle), 'node_modules/@kusto/language-service-next/');
require(pack + 'bridge.js');
require(pack + 'Kusto.Language.Bridge.js');
const Code = Kusto.Language.KustoCode;
const list = (x) => (x == null ? [] : Bridge.toArray(x));
let seed = Number(seedText) || 1;
const random = (n) => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return Math.floor(((seed >>> 8) / 0x800000) * n); };

function verdict(query) {
  const errors = list(Code.Parse(query).GetSyntaxDiagnostics()).filter((d) => d.Severity === 'Error').sort((a, b) => a.Start - b.Start);
  return errors.length ? { ok: false, start: Buffer.byteLength(query.slice(0, errors[0].Start)) } : { ok: query.trim().length > 0 };
}

for (const line of fs.readFileSync(queries, 'utf8').split('\n').filter((l) => l.trim())) {
  const { id, query } = JSON.parse(line);
  const tokens = list(Code.Parse(query).GetLexicalTokens()).filter((t) => t.Text.length).map((t) => ({ Trivia: t.Trivia, Text: t.Text }));
  for (const kind of ['drop', 'double', 'swap'])
    for (let k = 0; k < (Number(perKind) || 1) && tokens.length > 3; k++) {
      const at = random(tokens.length - 1);
      const changed = tokens.slice();
      if (kind === 'drop') changed.splice(at, 1);
      else if (kind === 'double') changed.splice(at + 1, 0, { Trivia: tokens[at].Trivia || ' ', Text: tokens[at].Text });
      else [changed[at], changed[at + 1]] = [{ Trivia: tokens[at].Trivia, Text: tokens[at + 1].Text }, { Trivia: tokens[at + 1].Trivia, Text: tokens[at].Text }];
      const text = changed.map((t) => t.Trivia + t.Text).join('');
      process.stdout.write(JSON.stringify({ id: id + '|' + kind + at, query: text, ...verdict(text) }) + '\n');
    }
}
