/**
 * `npm run check:schemas -- FILE…`: does every model's form give its example back, and show its
 * prompt? Files of models as `{owner, name, latest_version.openapi_schema, default_example.input}`,
 * in a JSON list or one on each line. Prints a line for each that does not, and the totals last.
 * @module
 */
import { objectTexts } from './json-items.ts'
import { roundTrip, type Trip } from './round-trip.tsx'

const files = process.argv.slice(2)
if (files.length === 0) {
  process.stderr.write('Usage: npm run check:schemas -- FILE…\n')
  process.exit(1)
}
const totals = { same: 0, marked: 0, failed: 0, folded: 0 }
const times: number[] = []
for (const file of files) for await (const text of objectTexts(file)) count(roundTrip(text))

times.sort((a, b) => a - b)
const median = times[times.length >> 1]?.toFixed(1)
const p95 = times[Math.floor(times.length * 0.95)]?.toFixed(1)
process.stdout.write(
  `${times.length} models: ${totals.same} gave their example back, ${totals.marked} opened with an example ` +
    `that does not fit, ${totals.failed} failed; ${totals.folded} with a folded prompt; ${median} ms a model (median), ${p95} ms (p95)\n`,
)
process.exit(totals.failed + totals.folded === 0 && times.length > 0 ? 0 : 1)

function count({ name, outcome, foldedPrompts, ms }: Trip): void {
  times.push(ms)
  totals[outcome.is]++
  if (outcome.is === 'failed') process.stdout.write(`${name}: ${outcome.reason}\n`)
  if (foldedPrompts.length === 0) return
  totals.folded++
  process.stdout.write(`${name}: folds away ${foldedPrompts.join(', ')}\n`)
}
