import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change, Changes } from '../../src/changes/changes.ts'
import { eventually } from '../support/eventually.ts'

export interface OpenedChanges {
  readonly first: Changes
  readonly second: Changes
  close(): Promise<void>
}

const id = 'a'.repeat(26)

const each: readonly Change[] = [
  { type: 'prediction', id, revision: 7 },
  { type: 'altered', id },
  { type: 'queue', model: 'sandpit/hello-world' },
  { type: 'end', id },
  { type: 'operators' },
  { type: 'person', id },
  { type: 'person', id: null },
  { type: 'receiver', receiver: 'https://example.com/ü?a="b"\u0000' },
  { type: 'callback', id, text: 'text' },
]

/** What two replicas on one database hear of each other. */
export function describeChanges(name: string, open: () => Promise<OpenedChanges>): void {
  describe(name, () => {
    let opened: OpenedChanges
    let heard: Change[]

    beforeEach(async () => {
      opened = await open()
      heard = []
      opened.second.listen((change) => heard.push(change))
    })

    afterEach(() => opened.close())

    it('tells every kind of change as it is', async () => {
      for (const change of each) opened.first.tell(change)
      await eventually(() => expect(heard).toEqual(each))
    })

    it('does not tell a replica of its own changes', async () => {
      const own: Change[] = []
      opened.first.listen((change) => own.push(change))
      opened.first.tell({ type: 'operators' })
      opened.second.tell({ type: 'altered', id })
      await eventually(() => expect(own).toHaveLength(1))
      await eventually(() => expect(heard).toHaveLength(1))
      expect(own).toEqual([{ type: 'altered', id }])
    })

    it('tells all of many changes, in their order', async () => {
      const many = Array.from({ length: 5_000 }, (_, at): Change => {
        return { type: 'prediction', id: String(at).padStart(26, 'a'), revision: at }
      })
      for (const change of many) opened.first.tell(change)
      await eventually(() => expect(heard).toHaveLength(many.length))
      expect(heard).toEqual(many)
    })

    it('tells the last of many changes of one prediction', async () => {
      for (let revision = 1; revision <= 1_000; revision++)
        opened.first.tell({ type: 'prediction', id, revision })
      await eventually(() => expect(heard.at(-1)).toMatchObject({ revision: 1_000 }))
      expect(heard.length).toBeLessThan(10)
    })

    it('drops a change that is too long to be told, and tells those after it', async () => {
      opened.first.tell({ type: 'receiver', receiver: 'x'.repeat(10_000) })
      opened.first.tell({ type: 'operators' })
      await eventually(() => expect(heard).toEqual([{ type: 'operators' }]))
    })

    it('tells what was said just before it closed', async () => {
      opened.first.tell({ type: 'altered', id })
      await opened.first.close()
      await eventually(() => expect(heard).toEqual([{ type: 'altered', id }]))
    })
  })
}
