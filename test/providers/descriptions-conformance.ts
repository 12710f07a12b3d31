import { expect, it } from 'vitest'
import type { Descriptions } from '../../src/providers/descriptions.ts'

/** Has `Descriptions` prove that they are kept. `open` opens those of the same place again. */
export function describeDescriptions(open: () => Descriptions): void {
  const first = { edition: 'one', content: { schema: 'a', seenAt: 1 } }
  const second = { edition: 'two', content: { schema: 'b', seenAt: 2 } }

  it('are known when they are opened again, until they are removed', async () => {
    const descriptions = open()
    expect(await descriptions.read('team/model')).toBeNull()
    expect(await descriptions.write('team/model', first)).toEqual(first.content)
    expect(await open().read('team/model')).toEqual(first.content)
    expect(await open().read('team/other')).toBeNull()
    await descriptions.remove('team/model')
    expect(await open().read('team/model')).toBeNull()
  })

  it('are replaced by another edition', async () => {
    const descriptions = open()
    await descriptions.write('team/changed', first)
    expect(await descriptions.write('team/changed', second)).toEqual(second.content)
    expect(await open().read('team/changed')).toEqual(second.content)
  })
}
