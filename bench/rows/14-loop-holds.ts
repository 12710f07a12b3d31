import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atMost, type Row } from '../row.ts'
import { askOnce } from '../support/connection.ts'
import { longestHold, watched } from '../support/loop.ts'
import { heavy, manyModels } from '../support/models.ts'
import { createProgram } from '../support/program.ts'
import { type Server, withSandpit } from '../support/sandpit.ts'
import { createVisitor, type Visitor } from '../support/visitor.ts'

const budget = atMost(50)
/** The first time is among them: a page that is slow once is slow for somebody. */
const times = 3

export const loopHolds: Row = {
  name: '14',
  title: `The longest that a request holds the event loop, of ${times}, with 300 models`,
  async measure(checkout) {
    const folder = mkdtempSync(join(tmpdir(), 'sandpit-bench-'))
    const socket = join(folder, 'probe')
    try {
      return await withSandpit(
        checkout,
        { ...manyModels(300), ...heavy },
        async (server) => {
          const figures = []
          for (const [what, request] of await requests(server)) {
            const value = await longestHold(socket, () => askTimes(server, what, request))
            figures.push({ what, value, unit: 'ms', budget } as const)
          }
          return figures
        },
        { ...watched(socket), SANDPIT_RATE: 'off' },
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function askTimes(server: Server, what: string, request: string): Promise<void> {
  for (let time = 0; time < times; time++) {
    const { status, body } = await askOnce(server.port, request)
    if (status >= 400) throw new Error(`${what} was answered ${status}: ${body.subarray(0, 500)}`)
  }
}

/** A press on Run has a key that makes it one prediction, however often it comes. */
async function requests(server: Server): Promise<[string, string][]> {
  const visitor = await createVisitor(server.port, 'bench/heavy')
  const { get: getAsProgram } = createProgram(server.port)
  const long = await visitor.finish({ make: 'megabyte' })
  const gallery = await visitor.finish({ make: 'gallery' })
  return [
    ...pages.map((path): [string, string] => [`GET ${path}`, visitor.get(path)]),
    ...programs.map((path): [string, string] => [`GET ${path}`, getAsProgram(path)]),
    ...pagesOf(visitor, long, '1 MB output'),
    ['its JSON by the API', getAsProgram(`/v1/predictions${long.slice(2)}`)],
    ...pagesOf(visitor, gallery, '200 pictures'),
    ['100 KB of JSON in a field', visitor.run({ make: 'nothing', data: json(100_000) })],
    ['100 KB of JSON for the form', visitor.run({}, { json: `{"data":${json(100_000)}}` })],
    ['8 MB of text in a field', visitor.run({ make: 'nothing', text: 'word '.repeat(1_600_000) })],
    ['a file of 20 MB', visitor.run({ make: 'nothing', file: { bytes: 20_000_000 } })],
  ]
}

const pages = [
  '/',
  '/?q=many',
  '/?q=no+model+has+this',
  '/?sort=popular',
  '/bench/many-7',
  '/bench/many-7/api',
  '/bench/many-7/examples',
  '/bench/many-7/versions',
  '/bench/many-7/edit',
  '/bench/many-7/llms.txt',
  '/sandpit/kitchen-sink',
  '/predictions',
  '/predictions?view=grid',
  '/predictions?q=word',
  '/collections/bench',
  '/deployments',
  '/settings',
  '/settings/collections',
  '/models/new',
  '/docs/api',
  '/llms.txt',
  '/metrics',
]

const programs = ['/v1/models', '/v1/predictions', '/v1/openapi.json', '/v1/models/bench/many-7']

function pagesOf(visitor: Visitor, path: string, what: string): [string, string][] {
  return [
    [`${what}: page`, visitor.get(path)],
    [`${what}: panel`, visitor.get(`${path}/panel`)],
    [`${what}: as JSON`, visitor.get(`${path}?as=json`)],
    [`${what}: beside the form`, visitor.get(`/bench/heavy?prediction=${path.slice(3)}`)],
  ]
}

/** A list of numbers that takes so many bytes. */
function json(bytes: number): string {
  return `[${'1234567,'.repeat(bytes / 8 - 1)}1]`
}
