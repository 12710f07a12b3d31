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

/** The access to a model as its edit page shows it. */
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

/** Gives or takes access, where that was pressed; null when another button was. */
export async function changeAccess(
  c: Context,
  deps: Deps,
  model: Pick<Model, 'ref'>,
  { pressed, access }: SentEdit,
): Promise<AccessRowProps | null> {
  const [, withdrawn] = /^withdraw (.+)$/.exec(pressed ?? '') ?? []
  const subject = modelName(model.ref)
  if (withdrawn !== undefined) {
    const entry = auditEntry(c, deps, 'access taken', subject, { detail: withdrawn })
    await deps.access.take({ model: model.ref, grantee: withdrawn }, entry)
    return accessRow(deps, model)
  }
  if (pressed !== 'give access') return null
  const grantee = await accountNamed(deps, access.grantee.trim())
  if (grantee === null) return accessRow(deps, model, access, nobodyCalled(access.grantee))
  const may = access.may === 'see' ? 'see' : 'run'
  const detail = `${access.grantee.trim()} may ${may}`
  const entry = auditEntry(c, deps, 'access given', subject, { detail })
  const by = { createdAt: deps.now(), createdBy: viewerOf(c, deps).id }
  await deps.access.give({ model: model.ref, grantee, may, ...by }, entry)
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
