/**
 * Measures the rows of the performance budget and prints them: `npm run bench`, or
 * `npm run bench -- 1 5 runs` for some of the rows. With `--against COMMIT`, that commit is built
 * beside and measured by the same rows, in turns, and each figure has the ratio of ours to its.
 * `--rounds N` measures each row so many times and prints medians. `--signed-in` measures this
 * checkout twice, in turns: as a person who signed in, and as a visitor of a server without sign-in.
 * @module
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../src/root.ts'
import { type Figure, isMet, type Row } from './row.ts'
import { rows } from './rows/index.ts'
import { checkOut } from './support/checkout.ts'
import { median } from './support/numbers.ts'
import { asPerson } from './support/person.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: 'string' },
    rounds: { type: 'string', default: '1' },
    'signed-in': { type: 'boolean', default: false },
  },
})
const chosen = positionals.length === 0 ? rows : positionals.map(rowNamed)
const isAsPerson = options['signed-in']
const rounds = Math.max(1, Number(options.rounds))

// A run leaves nothing behind, also when it is interrupted. PostgreSQL may run as another user, below this folder.
const folder = mkdtempSync(join(tmpdir(), 'sandpit-bench-'))
chmodSync(folder, 0o711)
process.env.TMPDIR = folder
process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

say(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}`)
const other = options.against === undefined ? null : checkOut(options.against)
if (isAsPerson)
  say('Each figure as a person who signed in, without sign-in, and the ratio of the two')
if (other) say(`Each figure of this checkout, of ${options.against}, and the ratio of the two`)
let missed = 0
for (const row of chosen) missed += await print(row)
say(missed === 0 ? '\nEvery budget is met.' : `\n${missed} missed.`)
process.exit()

function rowNamed(name: string): Row {
  const found = rows.find((row) => row.name === name)
  if (found) return found
  say(`There is no row ${name}: choose from ${rows.map((row) => row.name).join(', ')}`)
  process.exit(2)
}

/** Measures a row and prints its figures; answers how many missed their budget. */
async function print(row: Row): Promise<number> {
  say(`\n${row.name}. ${row.title}`)
  const why = (await row.missing?.()) ?? null
  if (why !== null) {
    say(`   not measured: ${why}`)
    return 0
  }
  const started = performance.now()
  try {
    const { ours, theirs } = await measure(row)
    const before = new Map(theirs.map(({ what, value }) => [what, value]))
    for (const figure of ours) say(`   ${lineOf(figure, before.get(figure.what))}`)
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    say(`   (${seconds} s, load average ${loadavg()[0]?.toFixed(1)})`)
    return ours.filter((figure) => isMet(figure) === false).length
  } catch (error) {
    say(`   not measured: ${error instanceof Error ? error.stack : error}`)
    return 1
  }
}

/** The two that are compared by turns, so that both have what the machine has to give. */
async function measure(row: Row) {
  const ours: (readonly Figure[])[] = []
  const theirs: (readonly Figure[])[] = []
  const here = () => row.measure(root)
  for (let round = 0; round < rounds; round++) {
    ours.push(await (isAsPerson ? asPerson(here) : here()))
    if (isAsPerson) theirs.push(await here())
    else if (other) theirs.push(await measureOther(row, other))
  }
  return { ours: medians(ours), theirs: medians(theirs) }
}

/** An older commit may lack what a row asks for. */
async function measureOther(row: Row, checkout: string): Promise<readonly Figure[]> {
  try {
    return await row.measure(checkout)
  } catch (error) {
    say(`   not measured of ${options.against}: ${error instanceof Error ? error.message : error}`)
    return []
  }
}

function medians([first = [], ...others]: readonly (readonly Figure[])[]): readonly Figure[] {
  return first.map((figure, at) => {
    const values = [figure, ...others.flatMap((figures) => figures[at] ?? [])]
    return { ...figure, value: median(values.map(({ value }) => value)) }
  })
}

function lineOf(figure: Figure, before: number | undefined): string {
  const { what, value, unit, budget } = figure
  const compared =
    before === undefined ? '' : `${shown(before).padStart(8)} ${(value / before).toFixed(2)} × `
  const measured = `${what.padEnd(44)} ${shown(value).padStart(8)} ${compared}${unit.padEnd(10)}`
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
