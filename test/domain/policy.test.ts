import { describe, expect, it } from 'vitest'
import { type Action, may, mayOperate, type Viewer } from '../../src/domain/policy.ts'

const author: Viewer = { id: 'ada', operator: false }
const operator: Viewer = { id: 'olga', operator: true }
const stranger: Viewer = { id: 'sam', operator: false }

const open = { createdBy: 'ada', visibility: 'public' } as const
const closed = { createdBy: 'ada', visibility: 'private' } as const

const actions: readonly Action[] = ['see', 'cancel', 'see deliveries', 'delete']

describe.each(actions)('to %s', (action) => {
  it('is allowed to the author and the operator, whatever the visibility', () => {
    for (const viewer of [author, operator])
      for (const thing of [open, closed]) expect(may(viewer, action, thing)).toBe(true)
  })

  it('is denied to a stranger when private', () => {
    expect(may(stranger, action, closed)).toBe(false)
  })

  it(`is ${action === 'see' ? 'allowed' : 'denied'} to a stranger when public`, () => {
    expect(may(stranger, action, open)).toBe(action === 'see')
  })
})

it('lets nobody but operators change settings', () => {
  expect([author, operator, stranger].filter(mayOperate)).toEqual([operator])
})

it('is nothing to nobody in particular, also of what nobody made', () => {
  const nobody = { id: '', operator: false }
  for (const action of actions)
    expect(may(nobody, action, { createdBy: '', visibility: 'private' })).toBe(false)
})
