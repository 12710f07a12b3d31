import { describe, expect, it } from 'vitest'
import { nobody, type Scope, type Viewer } from '../../src/domain/people/viewer.ts'
import {
  type ModelSubject,
  may,
  mayOperate,
  type PredictionSubject,
  visible,
} from '../../src/domain/policy.ts'

const person = (id: string, more: Partial<Viewer> = {}): Viewer => ({
  id,
  kind: 'person',
  role: 'member',
  namespaces: [id],
  scopes: null,
  ...more,
})

const ada = person('ada')
const teammate = person('tom', { namespaces: ['tom', 'vision'] })
const operator = person('olga', { role: 'operator' })
const stranger = person('sam')
const onlooker = person('otto', { role: 'viewer' })
const guest = person('gil')
const machine: Viewer = { ...operator, id: 'token:1', kind: 'machine', namespaces: [] }
const everyone = [ada, teammate, operator, stranger, onlooker, guest, machine, nobody]

const openModel: ModelSubject = {
  ref: { owner: 'vision', name: 'upscale' },
  visibility: 'public',
  grants: [],
}
const closedModel: ModelSubject = {
  ...openModel,
  visibility: 'private',
  grants: [
    { grantee: 'ada', may: 'run' },
    { grantee: 'gil', may: 'see' },
  ],
}

const names = (viewers: readonly Viewer[]) => viewers.map(({ id }) => id)
const withToken = (viewer: Viewer, ...scopes: Scope[]) => ({ ...viewer, scopes: new Set(scopes) })

describe('a model', () => {
  it('is seen by everyone when public, and run by members', () => {
    const see = everyone.filter((one) => may(one, 'see', { model: openModel }))
    expect(see).toEqual(everyone)
    const run = everyone.filter((one) => may(one, 'run', { model: openModel }))
    expect(names(run)).toEqual(['ada', 'tom', 'olga', 'sam', 'gil', 'token:1'])
  })

  it('is seen and run when private by its namespace, operators, and who was given access', () => {
    const see = everyone.filter((one) => may(one, 'see', { model: closedModel }))
    expect(names(see)).toEqual(['ada', 'tom', 'olga', 'gil', 'token:1'])
    const run = everyone.filter((one) => may(one, 'run', { model: closedModel }))
    expect(names(run)).toEqual(['ada', 'tom', 'olga', 'token:1'])
  })

  it('is changed by its namespace and operators', () => {
    const change = everyone.filter((one) => may(one, 'change', { model: closedModel }))
    expect(names(change)).toEqual(['tom', 'olga', 'token:1'])
  })
})

const made = { createdBy: 'ada', account: 'ada' } as const
const madeForTeam = { createdBy: 'ada', account: 'namespace:vision' } as const

describe('a prediction', () => {
  const seenBy = (thing: { prediction: PredictionSubject; of: ModelSubject }) =>
    names(everyone.filter((one) => may(one, 'see', thing)))

  it('is seen by everyone when it and its model are public', () => {
    const prediction = { ...made, visibility: 'public' } as const
    expect(seenBy({ prediction, of: openModel })).toEqual(names(everyone))
    expect(seenBy({ prediction, of: closedModel })).toEqual([
      'ada',
      'tom',
      'olga',
      'gil',
      'token:1',
    ])
  })

  it('is seen when private by its maker, its account, and operators who are people', () => {
    const own = { ...made, visibility: 'private' } as const
    expect(seenBy({ prediction: own, of: openModel })).toEqual(['ada', 'olga'])
    const team = { ...madeForTeam, visibility: 'private' } as const
    expect(seenBy({ prediction: team, of: openModel })).toEqual(['ada', 'tom', 'olga'])
  })

  it.each(['cancel', 'share', 'show as example', 'see deliveries', 'delete'] as const)(
    'lets the same people %s it, public or not',
    (action) => {
      for (const visibility of ['public', 'private'] as const) {
        const prediction = { ...madeForTeam, visibility }
        const allowed = everyone.filter((one) => may(one, action, { prediction, of: openModel }))
        expect(names(allowed)).toEqual(['ada', 'tom', 'olga'])
      }
    },
  )

  it('belongs to nobody in particular when nobody made it', () => {
    const prediction = { createdBy: '', account: '', visibility: 'private' } as const
    expect(may(nobody, 'see', { prediction, of: openModel })).toBe(false)
  })
})

describe('a token', () => {
  const own = { ...made, visibility: 'private' } as const

  it('never does more than its scopes', () => {
    const reads = withToken(ada, 'read')
    expect(may(reads, 'see', { prediction: own, of: openModel })).toBe(true)
    expect(may(reads, 'delete', { prediction: own, of: openModel })).toBe(false)
    expect(may(reads, 'run', { model: openModel })).toBe(false)
    expect(may(withToken(ada, 'run'), 'run', { model: openModel })).toBe(true)
    expect(may(withToken(ada, 'metrics'), 'see', { model: openModel })).toBe(false)
    expect(may(withToken(ada, 'metrics'), 'read metrics')).toBe(false)
    expect(may(withToken(operator, 'metrics'), 'read metrics')).toBe(true)
    expect(may(withToken(operator, 'read'), 'read metrics')).toBe(false)
  })

  it('of an operator oversees others with the scope for it alone', () => {
    expect(mayOperate(withToken(operator, 'read', 'run'))).toBe(false)
    expect(may(withToken(operator, 'read'), 'see', { prediction: own, of: openModel })).toBe(false)
    expect(mayOperate(withToken(operator, 'operate'))).toBe(true)
  })

  it('makes no tokens', () => {
    expect(may(ada, 'have tokens')).toBe(true)
    expect(may(withToken(ada, 'operate'), 'have tokens')).toBe(false)
    expect(may(machine, 'have tokens')).toBe(false)
  })
})

it('lets nobody but operators change settings', () => {
  expect(names(everyone.filter(mayOperate))).toEqual(['olga', 'token:1'])
})

describe('a file', () => {
  it('that no prediction took belongs to who uploaded it', () => {
    const seen = everyone.filter((one) => may(one, 'see', { file: { account: 'ada' } }))
    expect(names(seen)).toEqual(['ada', 'olga'])
  })
})

describe('what is visible in lists', () => {
  it('is everything for operators who are people', () => {
    expect(visible(operator, [closedModel])).toBe('all')
    expect(visible(machine, [closedModel])).not.toBe('all')
  })

  it('is what one made, what one’s groups own, and what is public of models that one sees', () => {
    expect(visible(teammate, [closedModel])).toEqual({
      createdBy: 'tom',
      accounts: ['namespace:vision'],
      hidden: [],
    })
    expect(visible(stranger, [closedModel])).toEqual({
      createdBy: 'sam',
      accounts: [],
      hidden: [closedModel.ref],
    })
  })
})
