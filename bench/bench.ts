/**
 * Measures every row of the performance budget and prints it: `npm run bench`, or
 * `npm run bench -- 1 5 7` for some of the rows.
 * @module
 */
import { cpus, loadavg } from 'node:os'
import { type Figure, isMet, type Row } from './row.ts'
import { settledPanel } from './rows/01-settled-panel.ts'
import { playgroundPage } from './rows/02-playground-page.ts'
import { firstView } from './rows/03-first-view.ts'
import { slowNetwork } from './rows/04-slow-network.ts'
import { clickToOutput } from './rows/05-click-to-output.ts'
import { changeToDom } from './rows/06-change-to-dom.ts'
import { thousandAtOnce } from './rows/07-thousand-at-once.ts'
import { manyViewers } from './rows/08-many-viewers.ts'
import { startToAnswer } from './rows/09-start-to-answer.ts'
import { idleMemory } from './rows/10-idle-memory.ts'
import { apiPredictions } from './rows/11-api-predictions.ts'
import { apiGet } from './rows/12-api-get.ts'

const rows: readonly Row[] = [
  settledPanel,
  playgroundPage,
  firstView,
  slowNetwork,
  clickToOutput,
  changeToDom,
  thousandAtOnce,
  manyViewers,
  startToAnswer,
  idleMemory,
  apiPredictions,
  apiGet,
]

const wanted = new Set(process.argv.slice(2).map(Number))
const chosen = wanted.size === 0 ? rows : rows.filter(({ number }) => wanted.has(number))

say(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}`)
let missed = 0
for (const row of chosen) missed += await print(row)
say(missed === 0 ? '\nEvery budget is met.' : `\n${missed} missed.`)
process.exit()

/** Measures a row and prints its figures; answers how many missed their budget. */
async function print(row: Row): Promise<number> {
  say(`\n${row.number}. ${row.title}`)
  const started = performance.now()
  try {
    const figures = await row.measure()
    for (const figure of figures) say(`   ${lineOf(figure)}`)
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    say(`   (${seconds} s, load average ${loadavg()[0]?.toFixed(1)})`)
    return figures.filter((figure) => isMet(figure) === false).length
  } catch (error) {
    say(`   not measured: ${error instanceof Error ? error.stack : error}`)
    return 1
  }
}

function lineOf(figure: Figure): string {
  const { what, value, unit, budget } = figure
  const measured = `${what.padEnd(44)} ${shown(value).padStart(8)} ${unit.padEnd(10)}`
  if (!budget) return measured.trimEnd()
  const ratio = (value / budget.value).toFixed(2)
  const verdict = isMet(figure) ? 'met' : 'MISSED'
  return `${measured} budget ${budget.kind} ${shown(budget.value)}, ${ratio} of it: ${verdict}`
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
