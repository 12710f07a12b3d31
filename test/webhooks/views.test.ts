import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answers, type Receiver, startReceiver } from '../support/receiver.ts'
import { shareOf } from '../support/shares.ts'
import { openStation, type Station } from './support.ts'

const token = 'a'.repeat(26)

let station: Station
let receiver: Receiver
let id: string
beforeAll(async () => {
  station = await openStation({
    SANDPIT_OUTBOUND_ALLOW: '127.0.0.0/8',
    SANDPIT_AUTH: 'header:x-user',
    SANDPIT_OPERATORS: 'olga',
  })
  receiver = await startReceiver()
  receiver.behave(answers(200))
  id = await station.run(`${receiver.url}?token=abc`)
  await station.quiet(id)
  await station.store.share(shareOf(token, id))
})
afterAll(async () => {
  await station.close()
  await receiver.close()
})

type Kind = 'html' | 'json' | 'markdown'
const accepted = { html: 'text/html', json: 'application/json', markdown: 'text/markdown' }
const kinds = ['html', 'json', 'markdown'] as const satisfies readonly Kind[]

async function textAt(path: string, user: string, kind: Kind): Promise<string> {
  const headers = { Host: 'localhost', 'X-User': user, Accept: accepted[kind] }
  const response = await station.app.request(path, { headers })
  expect(response.status).toBe(200)
  expect(response.headers.get('Content-Type')).toContain(accepted[kind])
  return response.text()
}

/** How what is known of the prediction is found in a text. The page draws the model's name in parts. */
async function marks(): Promise<Readonly<Record<string, RegExp>>> {
  const prediction = await station.runner.find(id)
  return {
    id: new RegExp(id),
    model: /quick/,
    version: new RegExp(prediction?.version.slice(0, 12) ?? 'none'),
    status: /succeeded/i,
    input: /Ada/,
    output: /Hello Ada/,
    logs: /It ran\./,
    webhook: /token=abc/,
    'webhook events': /\bstart\b/,
    receiver: new RegExp(receiver.url),
    maker: /made by(?:<[^>]*>|\W)*ada\b/,
  }
}

/** Which of that each representation shows. */
async function shownAt(path: string, user: string) {
  const shown: Record<Kind, string[]> = { html: [], json: [], markdown: [] }
  for (const kind of kinds) {
    const text = await textAt(path, user, kind)
    for (const [name, mark] of Object.entries(await marks()))
      if (mark.test(text)) shown[kind].push(name)
  }
  return shown
}

const open = ['id', 'model', 'version', 'status', 'input', 'output', 'logs']
const own = [...open, 'webhook', 'webhook events', 'receiver']

describe('a prediction as a page, as JSON and as Markdown', () => {
  it.each([
    ['its maker', 'ada', own],
    ['an operator', 'olga', own],
    ['another person', 'sam', open],
  ])('shows the same to %s', async (_who, user, expected) => {
    const seen = await shownAt(station.paths.prediction(id), user)
    // The page names who made it, for which Replicate’s format has no place.
    const named = user === 'ada' ? expected : [...expected, 'maker']
    expect(seen).toEqual({ html: named, json: expected, markdown: expected })
  })

  it.each(['sam', 'ada', 'olga'])('shows the same by its share link, also to %s', async (user) => {
    const seen = await shownAt(station.paths.share(token), user)
    for (const kind of kinds) expect(seen[kind], kind).toEqual(open)
  })

  it('is the same JSON under the name that links to it', async () => {
    for (const [path, user] of [
      [station.paths.prediction(id), 'sam'],
      [station.paths.share(token), 'ada'],
    ] as const) {
      const json = await textAt(`${path}/prediction.json`, user, 'json')
      expect(json).toBe(await textAt(path, user, 'json'))
      expect(Object.keys(JSON.parse(json))).not.toContain('webhook')
      expect(Object.keys(JSON.parse(json))).not.toContain('webhook_events_filter')
    }
  })
})
