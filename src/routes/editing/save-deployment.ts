import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { type Deployment, released } from '../../domain/model/deployment.ts'
import {
  type DeploymentErrors,
  type DeploymentTexts,
  deploymentTexts,
  readDeployment,
} from '../../domain/model/deployment-texts.ts'
import { isDescribed } from '../../domain/model/model.ts'
import { type ModelRef, parseModelRef } from '../../domain/model-ref.ts'
import { auditEntry } from '../request/audit.ts'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'

/** The values and errors of the form of a deployment. */
export interface DeploymentForm {
  readonly texts: DeploymentTexts
  readonly errors: DeploymentErrors
  /** The number of the release that it was opened at; 0 for a new deployment. */
  readonly release: number
  /** The values that somebody else saved since then; null when nobody did. */
  readonly saved: DeploymentTexts | null
}

export function openedDeployment(texts: DeploymentTexts, release: number): DeploymentForm {
  return { texts, errors: {}, release, saved: null }
}

/** Saves a form as a new release; resolves with the form when it was refused. */
export async function saveDeployment(
  c: Context,
  deps: Deps,
  form: DeploymentForm,
  before: Deployment | null,
): Promise<DeploymentForm | null> {
  const { texts } = form
  const reading = readDeployment(texts, deps.config.hardware, before)
  if (!reading.ok) return { ...form, errors: reading.errors }
  const ref = parseModelRef(texts.name)
  const model = parseModelRef(texts.model)
  if (!ref || !model) return form
  if (!before && deps.deployments.find(ref)) return overtaken(deps, form, ref)
  const version =
    before?.current.version === texts.version
      ? { id: texts.version }
      : await versionOf(c, deps, texts)
  if ('error' in version) return { ...form, errors: version.error }
  // Others may have saved while the version was looked for.
  const now = deps.deployments.find(ref)
  if (now?.current.number !== (before ? form.release : undefined)) return overtaken(deps, form, ref)
  const by = { createdAt: deps.now(), createdBy: viewerOf(c, deps).id }
  const changes = { ...reading.changes, version: version.id }
  const first = { ...changes, ...by, number: 1, model }
  const next = now ? released(now, changes, by) : { ref, current: first }
  const detail = `release ${next.current.number}`
  const entry = auditEntry(c, deps, 'deployment changed', texts.name, { detail })
  if (next === now || (await deps.deployments.save(next, entry))) return null
  return overtaken(deps, form, ref)
}

/** The form with what somebody else saved; unchanged when the deployment was deleted. */
function overtaken({ deployments }: Deps, form: DeploymentForm, ref: ModelRef): DeploymentForm {
  const now = deployments.find(ref)
  if (form.release === 0)
    return { ...form, errors: { name: `There is already a deployment ${form.texts.name}.` } }
  return now ? { ...form, release: now.current.number, saved: deploymentTexts(now) } : form
}

/** The version that a form names, where the model still runs it. */
async function versionOf(
  c: Context,
  deps: Deps,
  { model: name, version }: DeploymentTexts,
): Promise<{ readonly id: string } | { readonly error: DeploymentErrors }> {
  const ref = parseModelRef(name)
  const { find } = usableModels(deps, viewerOf(c, deps))
  const asked = version.trim()
  const model = ref && (await find(ref, asked === '' ? undefined : asked))
  if (!model) return { error: { model: `There is no model ${name}.` } }
  const isRun = isDescribed(model) && (asked === '' || model.version.id === asked)
  if (isRun) return { id: model.version.id }
  const now = isDescribed(model) ? ` It now runs ${model.version.id.slice(0, 12)}.` : ''
  return { error: { version: `${name} does not run this version.${now}` } }
}
