import { modelName, parseModelRef } from '../model-ref.ts'
import { type Deployment, mostInstances, type ReleaseChanges } from './deployment.ts'

/** The form of a deployment, as texts. */
export interface DeploymentTexts {
  /** `owner/name`, as is the next. */
  readonly name: string
  readonly model: string
  /** Id of the version; blank for the current one. */
  readonly version: string
  readonly min: string
  readonly max: string
}
export type DeploymentErrors = Partial<Readonly<Record<keyof DeploymentTexts, string>>>

export const noDeploymentTexts: DeploymentTexts = {
  name: '',
  model: '',
  version: '',
  min: '0',
  max: '1',
}

export function deploymentTexts({ ref, current }: Deployment): DeploymentTexts {
  const { model, version, minInstances, maxInstances } = current
  return {
    name: modelName(ref),
    model: modelName(model),
    version,
    min: String(minInstances),
    max: String(maxInstances),
  }
}

/** The instances that a form asks for, or what is wrong with it, each as a sentence. */
export function readDeployment(
  texts: DeploymentTexts,
):
  | { readonly ok: true; readonly changes: ReleaseChanges }
  | { readonly ok: false; readonly errors: DeploymentErrors } {
  const minInstances = wholeNumber(texts.min, mostInstances.min)
  const maxInstances = wholeNumber(texts.max, mostInstances.max)
  const errors: DeploymentErrors = {
    ...nameError('name', texts.name),
    ...nameError('model', texts.model),
    ...(minInstances === null ? { min: upTo(mostInstances.min) } : {}),
    ...(maxInstances === null ? { max: upTo(mostInstances.max) } : {}),
  }
  if (minInstances === null || maxInstances === null || Object.keys(errors).length > 0)
    return { ok: false, errors }
  return { ok: true, changes: { minInstances, maxInstances } }
}

function nameError(field: 'name' | 'model', text: string): DeploymentErrors {
  if (parseModelRef(text)) return {}
  return { [field]: 'Enter a name such as owner/name.' }
}

function wholeNumber(text: string, most: number): number | null {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : null
  return value !== null && value <= most ? value : null
}

function upTo(most: number): string {
  return `Enter a whole number from 0 to ${most}.`
}
