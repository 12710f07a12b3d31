import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { FormValues } from '../support/visitor.ts'
import { openTrial, type Trial } from './trial.ts'

let trial: Trial
beforeAll(async () => {
  trial = await openTrial()
})
afterAll(() => trial.sandpit.close())

async function tell(inputs: FormValues) {
  const { output, error } = await trial.run('story', { pace: '0', ...inputs })
  expect(error).toBeNull()
  return (output as string[]).join('')
}

async function failure(text: File) {
  const prediction = await trial.run('story', { pace: '0', text })
  expect(prediction.status).toBe('failed')
  return prediction.error
}

const count = (text: string) => text.match(/\S+/g)?.length

const rhyme = new File(
  [
    'One grain on the hill and the hill is a dune.\r\n\r\n',
    'Two grains on the hill and the hill is a moon, and the moon is on the dune.',
  ],
  'rhyme.txt',
)

describe('story', () => {
  it('tells the same story for the same seed', async () => {
    const first = await tell({ seed: '7' })
    expect(await tell({ seed: '7' })).toBe(first)
    expect(await tell({ seed: '8' })).not.toBe(first)
  })

  it('tells another each time without one, and logs the seed that tells it again', async () => {
    const { output, logs, metrics } = await trial.run('story', { pace: '0' })
    const seed = String(metrics.seed)
    expect(logs).toContain(`Using seed: ${seed}\n`)
    expect(await tell({ seed })).toBe((output as string[]).join(''))
    expect(await tell({})).not.toBe((output as string[]).join(''))
  })

  it.each(['10', '500', '2000'])('writes %s words', async (words) => {
    expect(count(await tell({ words, seed: '1' }))).toBe(Number(words))
  })

  it('writes them piece by piece', async () => {
    const { output } = await trial.run('story', { pace: '200', words: '10', seed: '1' })
    expect((output as string[]).length).toBeGreaterThanOrEqual(10)
  })

  it('takes up the opening from its last words', async () => {
    const opening = 'Once more, the cat who was called'
    expect(await tell({ opening, words: '10' })).toMatch(/^Once more, the cat who was called Tue/)
    expect(count(await tell({ opening, words: '10' }))).toBe(17)
  })

  it('goes on from an opening that the text does not know', async () => {
    expect(await tell({ opening: '  Überall 砂 !! ', words: '10' })).toMatch(/^Überall 砂 !!\s+\S/)
  })

  it('begins as a paragraph does, and ends as a sentence does or trails off', async () => {
    for (const seed of ['1', '2', '3', '4'])
      expect(await tell({ seed })).toMatch(/^["A-Z].*[.!?"…]$/s)
  })

  it('says nothing that a text it is given does not', async () => {
    const known = new Set((await rhyme.text()).match(/\S+/g))
    const told = await tell({ text: rhyme, words: '300', order: '1', seed: '3' })
    for (const word of told.replace(/…$/, '').match(/\S+/g) ?? []) expect(known).toContain(word)
    expect(told).toContain('\n\n')
  })

  it('keeps to the text when it looks back far', async () => {
    const numbered = Array.from({ length: 40 }, (_, i) => `word${i}`).join(' ')
    const told = await tell({ text: new File([numbered], 'n.txt'), words: '40', order: '3' })
    expect(told).toBe(`${numbered}…`)
  })

  it('stops between two words when canceled', async () => {
    const id = await trial.start('story', { pace: '1', words: '2000' })
    const read = () => trial.sandpit.runner.find(id)
    await eventually(async () => {
      const { output, progress } = (await read()) ?? {}
      const written = (output as string[] | undefined)?.length ?? 0
      expect(written).toBeGreaterThan(0)
      expect(progress).toMatchObject({ label: `${written} of 2000 words`, eta: 2000 - written })
    })
    await trial.sandpit.runner.cancel(id)
    expect(await trial.settled(id)).toMatchObject({ status: 'canceled' })
  })

  it('reads the start of a text that is too long, wherever that ends', async () => {
    const long = new File(['砂丘 の 町 。'.repeat(150_000)], 'long.txt')
    expect(long.size).toBeGreaterThan(2 * 1024 * 1024)
    expect(count(await tell({ text: long, words: '10', order: '1' }))).toBe(10)
  })
})

describe('story refuses, in a sentence,', () => {
  it.each([
    ['a picture', 'dune.jpg', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16])],
    ['a text of another encoding', 'old.txt', new Uint8Array([0x47, 0x72, 0xfc, 0xdf, 0x65])],
    ['what holds zero bytes', 'zero.txt', new Uint8Array(100)],
  ])('%s', async (_what, name, bytes) => {
    expect(await failure(new File([bytes], name))).toBe(
      `${name} is not plain text in UTF-8. Choose a .txt or .md file.`,
    )
  })

  it.each(['', 'Only a few words.'])('a text as short as %j', async (text) => {
    expect(await failure(new File([text], 'short.txt'))).toBe(
      'short.txt is too short to learn from: give it 20 words or more.',
    )
  })

  it('what does not fit the form, before it runs', async () => {
    for (const inputs of [{ words: '9' }, { words: '2001' }, { order: '4' }, { seed: '-1' }]) {
      expect((await trial.visitor.run('sandpit/story', inputs)).status).toBe(422)
    }
  })
})
