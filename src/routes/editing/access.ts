import type { Context } from 'hono'
import type { AccessRowProps } from '../../../views/editing/access-row.tsx'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import { accountOfNamespace, namespaceOf } from '../../domain/people/account.ts'
import type { AccessTexts, SentEdit } from '../forms/edit-body.ts'
import { auditEntry } from '../request/audit.ts'
import { viewerOf } from '../request/viewer.ts'

const noTexts: AccessTexts = { grantee: '', may: 'run' }

/** The access to a model as its edit page shows it, with what was typed there. */
export async function accessRow(
  deps: Deps,
  model: Pick<Model, 'ref'>,
  texts: AccessTexts = noTexts,
  error: string | null = null,
): Promise<AccessRowProps> {
  const grants = deps.access.of(model.ref)
  const people = await deps.store.peopleAmong(grants.map(({ grantee }) => grantee))
  const handles = new Map(people.map(({ id, handle }) => [id, handle]))
  return {
    owner: model.ref.owner,
    given: grants.map(({ grantee, may }) => {
      const group = namespaceOf(grantee)
      const name = group === null ? (handles.get(grantee) ?? grantee) : `group ${group}`
      return { grantee, name, may }
    }),
    ...texts,
    error,
  }
}

/** Who is given access, as typed, or what is wrong with it, as a sentence. */
export type AccessAsked =
  | { readonly ok: true; readonly grantee: string }
  | { readonly ok: false; readonly sentence: string }

/** Finds whom a form gives access. */
export async function readAccess(
  deps: Deps,
  { grantee: typed }: AccessTexts,
): Promise<AccessAsked> {
  const grantee = await accountNamed(deps, typed.trim())
  return grantee === null ? { ok: false, sentence: nobodyCalled(typed) } : { ok: true, grantee }
}

/** Gives somebody access to a model. */
export async function giveAccess(
  c: Context,
  deps: Deps,
  model: Pick<Model, 'ref'>,
  grantee: string,
  texts: AccessTexts,
): Promise<void> {
  const may = texts.may === 'see' ? 'see' : 'run'
  const detail = `${texts.grantee.trim()} may ${may}`
  const entry = auditEntry(c, deps, 'access given', modelName(model.ref), { detail })
  const by = { createdAt: deps.now(), createdBy: viewerOf(c, deps).id }
  await deps.access.give({ model: model.ref, grantee, may, ...by }, entry)
}

/** Gives or takes access, where that was pressed; null when another button was. */
export async function changeAccess(
  c: Context,
  deps: Deps,
  model: Pick<Model, 'ref'>,
  { pressed, access }: SentEdit,
): Promise<AccessRowProps | null> {
  const [, withdrawn] = /^withdraw (.+)$/.exec(pressed ?? '') ?? []
  if (withdrawn !== undefined) {
    const detail = { detail: withdrawn }
    const entry = auditEntry(c, deps, 'access taken', modelName(model.ref), detail)
    await deps.access.take({ model: model.ref, grantee: withdrawn }, entry)
    return accessRow(deps, model, access)
  }
  if (pressed !== 'give access') return null
  const asked = await readAccess(deps, access)
  if (!asked.ok) return accessRow(deps, model, access, asked.sentence)
  await giveAccess(c, deps, model, asked.grantee, access)
  return accessRow(deps, model)
}

/** The account of a person by their handle, or of a group by its owner name. */
async function accountNamed({ store, config }: Deps, text: string): Promise<string | null> {
  const [, name = text] = /^group (.+)$/.exec(text) ?? []
  const isGroup =
    config.standing.groups.some(({ namespace }) => namespace === name) ||
    (await store.givenNamespaces()).has(name)
  if (isGroup) return accountOfNamespace(name)
  const found = name === text ? await store.peopleAmong([name]) : []
  return found.find(({ handle }) => handle === name)?.id ?? null
}

function nobodyCalled(name: string): string {
  if (name.trim() === '') return 'Type the name of a person or a group.'
  return `Nobody here is called ${name.trim().slice(0, 100)}, and no group is. People are known once they have signed in.`
}
