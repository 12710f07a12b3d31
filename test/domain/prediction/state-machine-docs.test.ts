import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { transitions } from '../../../src/domain/prediction/prediction.ts'
import { root } from '../../../src/root.ts'

const page = readFileSync(join(root, 'docs', 'state-machine.md'), 'utf8')

/** The text between a heading and the next. */
function section(heading: string): string {
  const [, after = ''] = page.split(`## ${heading}\n`)
  return after.split('\n## ')[0] ?? ''
}

/** The words in code type in each cell of the rows of a section's table. */
function rowsUnder(heading: string): string[][][] {
  const [, , ...rows] = section(heading)
    .split('\n')
    .filter((line) => line.startsWith('|'))
  return rows.map((row) => row.split('|').slice(1, -1).map(wordsIn))
}

function wordsIn(cell: string): string[] {
  return [...cell.matchAll(/`([a-z]+)`/g)].map(([, word]) => word ?? '')
}

describe('docs/state-machine.md', () => {
  it('has exactly the transitions of the code in its table', () => {
    const written = rowsUnder('Statuses').map(([from, to]) => [from?.[0], [...(to ?? [])].sort()])
    const coded = Object.entries(transitions).map(([from, to]) => [from, [...to].sort()])
    expect(written).toEqual(coded)
  })

  it('has exactly the transitions of the code in its diagram', () => {
    const drawn = [...page.matchAll(/^ +([a-z]+) --> ([a-z]+)/gm)].map(([, from, to]) => [from, to])
    const coded = Object.entries(transitions).flatMap(([from, all]) => all.map((to) => [from, to]))
    expect(drawn.map(String).sort()).toEqual(coded.map(String).sort())
  })

  it('explains every event', () => {
    const source = readFileSync(join(root, 'src', 'domain', 'prediction', 'event.ts'), 'utf8')
    const union = source.slice(
      source.indexOf('type Occurrence ='),
      source.indexOf('function isSettled'),
    )
    const events = [...union.matchAll(/type: '([a-z]+)'/g)].map(([, event]) => event)
    const explained = [...section('Events').matchAll(/^- `([a-z]+)`: /gm)].map(([, event]) => event)
    expect(explained).toEqual(events)
  })
})
