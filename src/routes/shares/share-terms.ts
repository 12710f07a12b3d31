import type { Context } from 'hono'
import { hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { accountOfName } from '../../domain/people/account.ts'
import {
  type Audience,
  audiences,
  type SharedWith,
  type ShareTerms,
} from '../../domain/people/share.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { type ModelSubject, may } from '../../domain/policy.ts'

const dayMs = 24 * 60 * 60_000

/** How long a link lasts, in days, with its words. */
export const endChoices = {
  '7': 'in 7 days',
  '30': 'in 30 days',
  '365': 'in a year',
  never: 'never',
} as const

/** The most people for whom one link is. */
const mostPeople = 50

/** The terms of a new link as they are typed. */
export interface TermTexts {
  readonly audience: string
  readonly people: string
  readonly ends: string
  readonly scope: string
}

/** What to change, and in which field. */
export interface TermError {
  readonly field: keyof TermTexts
  readonly sentence: string
}

/** The audiences to choose from: anyone alone where nobody signs in. */
export function audiencesOf({ config }: Pick<Deps, 'config'>): readonly Audience[] {
  if (!hasPeople(config)) return ['anyone']
  return config.shares === 'anyone' ? audiences : ['signed-in', 'people']
}

/** Whether a viewer may let others run a model by a link. Where nobody signs in, everybody may run it. */
export function mayLetRun(
  deps: Pick<Deps, 'config'>,
  viewer: Viewer,
  model: ModelSubject,
): boolean {
  return audiencesOf(deps).length > 1 && may(viewer, 'share', { model })
}

export function termTextsIn(c: Context, deps: Deps): TermTexts {
  const fields = c.get('formFields')
  return {
    audience: fields.get('audience') ?? audiencesOf(deps)[0] ?? 'anyone',
    people: fields.get('people') ?? '',
    ends: fields.get('ends') ?? '30',
    scope: fields.get('scope') ?? 'see',
  }
}

/** The form of a new link as it opens. */
export function freshTerms(deps: Pick<Deps, 'config'>): TermTexts {
  return { audience: audiencesOf(deps)[0] ?? 'anyone', people: '', ends: '30', scope: 'see' }
}

/** Reads the terms of a new link. `model`: the one that it may let others run; null for none. */
export async function readTerms(
  deps: Deps,
  viewer: Viewer,
  model: ModelSubject | null,
  texts: TermTexts,
): Promise<ShareTerms | TermError> {
  const audience = audiencesOf(deps).find((one) => one === texts.audience)
  if (!audience) return { field: 'audience', sentence: 'Choose who may open the link.' }
  const days = texts.ends === 'never' ? null : Number(texts.ends)
  if (!Object.hasOwn(endChoices, texts.ends))
    return { field: 'ends', sentence: 'Choose when the link ends.' }
  const people = audience === 'people' ? await readPeople(deps, texts.people) : []
  if ('field' in people) return people
  const scope = model !== null && texts.scope === 'run' ? 'run' : 'see'
  if (model !== null && scope === 'run' && !mayLetRun(deps, viewer, model))
    return {
      field: 'scope',
      sentence: 'Only who may change this private model may let others run it.',
    }
  return { audience, people, scope, expiresAt: days === null ? null : deps.now() + days * dayMs }
}

async function readPeople(deps: Deps, text: string): Promise<readonly SharedWith[] | TermError> {
  const names = [...new Set(text.split(',').map((name) => name.trim()))].filter(Boolean)
  const wrong = (sentence: string): TermError => ({ field: 'people', sentence })
  if (names.length === 0) return wrong('Name at least one person.')
  if (names.length > mostPeople) return wrong(`Name at most ${mostPeople} people.`)
  const found = await deps.store.peopleAmong(names)
  const named = new Map(found.flatMap((one) => [one.handle, one.id].map((name) => [name, one])))
  const unknown = names.filter((name) => !named.has(name))
  // The proxy knows people who were not here yet.
  const isOfProxy = deps.config.auth.kind === 'header'
  if (unknown.length > 0 && !isOfProxy)
    return wrong(`Nobody called ${unknown.join(', ')} has signed in here.`)
  return names.map((name) => {
    const person = named.get(name)
    return person
      ? { account: person.id, name: person.handle }
      : { account: accountOfName(name.normalize()), name }
  })
}
