import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, it } from 'vitest'
import { fileUri } from '../../src/domain/file/file.ts'
import type { Json, JsonObject } from '../../src/domain/json/json.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { readSchema } from '../../src/domain/schema/schema.ts'
import { PredictionPanel } from '../../views/panel/prediction-panel.tsx'
import { fileOf, predictionOf, start } from '../support/domain.ts'

const may = { cancel: true, rerun: true, tweak: true, follow: true, share: true, delete: true }
const live = {
  count: '1',
  elapsed: '1.0',
  clock: '0:01',
  ran: '1.0',
  inPhase: '1.0',
  phaseClock: '0:01',
}
const settled = { status: 'succeeded', startedAt: start, completedAt: start + 1 } as const
const growing = { status: 'processing', startedAt: start, iterates: true } as const
const concatenated = {
  type: 'array',
  items: { type: 'string' },
  'x-cog-array-type': 'iterator',
  'x-cog-array-display': 'concatenate',
}

function panel(output: Json, schema: JsonObject = {}, changes: Partial<Prediction> = settled) {
  const prediction = predictionOf({ output, ...changes })
  return (
    <PredictionPanel
      prediction={prediction}
      schema={readSchema({ Output: schema })}
      place={null}
      running={1}
      typicalMs={null}
      bootMs={null}
      live={live}
      state='1'
      pollMs={null}
      useAsInput={null}
      subRuns={[]}
      json={null}
      may={may}
      isTheirs
    />
  ).toString() as string
}

/** Every element of a piece of HTML, as a browser would parse it. */
function elements(node: DefaultTreeAdapterTypes.Node): DefaultTreeAdapterTypes.Element[] {
  const children = 'childNodes' in node ? node.childNodes.flatMap(elements) : []
  return 'tagName' in node ? [node, ...children] : children
}

describe('a panel stays small', () => {
  const mostBytes = 150_000
  const picture = fileOf(1)
  const nested = (levels: number): Json =>
    levels === 0 ? '<&"'.repeat(1_000) : Array.from({ length: 200 }, () => nested(levels - 1))

  it.each<[string, Json]>([
    ['5 MB of text', 'word '.repeat(1_000_000)],
    ['5 MB of what HTML escapes', '"'.repeat(5_000_000)],
    [
      'Markdown that grows',
      `# A\n\n**b**\n\n|${'a|'.repeat(300)}\n|${'-|'.repeat(300)}\n${'|\n'.repeat(19_000)}`,
    ],
    [
      '10,000 texts',
      Array.from({ length: 10_000 }, () => 'a long text, with words.\n'.repeat(100)),
    ],
    ['10,000 rows', Array.from({ length: 10_000 }, (_, id) => ({ id, text: '&'.repeat(290) }))],
    ['lists in lists', nested(2)],
    [
      'objects with long names',
      Array.from({ length: 50 }, () => ({ [`<${'x'.repeat(100_000)}`]: 'a\nb' })),
    ],
    ['10,000 pictures', Array.from({ length: 10_000 }, () => fileUri(picture))],
    ['a large picture in the text', `data:image/png;base64,${'A'.repeat(5_000_000)}`],
  ])('%s', (_, output) => {
    const logs = '<tag> & "quotes"\n'.repeat(100_000)
    const html = panel(output, {}, { ...settled, logs, files: [picture] })
    expect(Buffer.byteLength(html)).toBeLessThan(mostBytes)
  })

  it('while it grows, with a link to the whole', () => {
    const pieces = Array.from({ length: 100_000 }, (_, index) => `word${index} `)
    const html = panel(pieces, concatenated, growing)
    expect(html.length).toBeLessThan(25_000)
    expect(html).toContain('word99999')
    expect(html).toContain('/output.txt')
  })
})

describe('what a model writes stays text', () => {
  const hostile = [
    '<script>window.pwned = 1</script>',
    '<img src=x onerror=pwned=1>',
    '<p hx-get="/x" hx-trigger="load" data-hx-on="x">',
    '<div hx-swap-oob="innerHTML:#main"></div>',
    '[click](javascript:alert(1)) **and** [here](data:text/html,<script>x</script>)',
    '"><svg onload=pwned=1>',
  ]
  const places: Record<string, (text: string) => [Json, JsonObject]> = {
    text: (text) => [text, {}],
    stream: (text) => [[text], concatenated],
    markdown: (text) => [text, { type: 'string', format: 'markdown' }],
    html: (text) => [`<html>${text}`, {}],
    list: (text) => [[`${text}\n`, 'x'], {}],
    object: (text) => [{ [text]: text }, {}],
    json: (text) => [[{ [text]: [[text]] }], {}],
    table: (text) => [[{ [text]: text }, { [text]: 1 }], {}],
    error: (text) => [null, { error: text }],
  }
  const cases = Object.keys(places).flatMap((place) =>
    hostile.map((text) => [place, text] as const),
  )

  it.each(cases)('in %s: %s', (place, text) => {
    const [output, schema] = places[place]?.(text) ?? [null, {}]
    const error = place === 'error' ? text : null
    const drawn = panel(output, schema, { ...settled, logs: text, error })
    // The bar of times is the one drawing of ours, and the tabs are our only requests.
    const html = drawn
      .replace(/<svg viewBox="0 0 [\d.]+ 10" preserveAspectRatio="none".*?<\/svg>/, '')
      .replace(/<nav class="switch".*?<\/nav>/, '')
    for (const { tagName, attrs } of elements(parseFragment(html))) {
      expect(['script', 'iframe', 'svg', 'img', 'object', 'embed']).not.toContain(tagName)
      for (const { name, value } of attrs) {
        expect(name).not.toMatch(/^(?:on|hx-|data-hx)/)
        expect(value).not.toMatch(/^(?:javascript|data):/i)
      }
    }
  })
})

describe('ways to take an output along', () => {
  it('copies all of it, also where the page has a part', () => {
    expect(panel('short')).toContain('data-copies="output"')
    const cut = panel('long '.repeat(100_000))
    expect(cut).not.toContain('data-copies="output"')
    expect(cut).toMatch(/data-copies="[^"]+\/output\.txt" data-copies-as="text"/)
    expect(panel([[1, 2], ['x']])).toContain('data-copies="output"')
  })

  it('downloads one file as itself and several as an archive', () => {
    const files = [fileOf(1), fileOf(2)]
    const uris = files.map(fileUri)
    const one = panel(uris[0] ?? '', {}, { ...settled, files })
    expect(one).toContain('download="picture 1.png"')
    expect(one).not.toContain('files.zip')
    expect(panel(uris, {}, { ...settled, files })).toContain('Download 2 files')
  })

  it('offers a table as CSV', () => {
    expect(panel([{ a: 1 }, { a: 2 }])).toContain('/output.csv')
    expect(panel([{ a: 1 }])).not.toContain('/output.csv')
  })

  it('offers nothing of an output that is not there', () => {
    const html = panel(null, {}, { ...settled, status: 'failed', error: 'Out of memory.' })
    expect(html).not.toContain('output.')
    expect(html).toContain('?as=json')
  })
})

it('says an error once, beside what was made before it', () => {
  const failed = { ...settled, status: 'failed', error: 'Out of memory.' } as const
  for (const output of [null, [], 'half a story'])
    expect(panel(output, {}, failed).split('Out of memory.')).toHaveLength(2)
})

it('keeps headings of Markdown below those of the page, none skipped', () => {
  const html = panel('###### deep\n\n# a\n\n#### b\n\n**c**', {
    type: 'string',
    format: 'markdown',
  })
  const levels = [...html.matchAll(/<h(\d)[^>]*>/g)].map(([, level]) => Number(level))
  expect(levels).toEqual([2, 3, 3, 4])
})
