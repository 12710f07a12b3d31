import { type Hardware, hardwareProblem, usualHardware } from '../instance/hardware.ts'
import { modelName, parseModelRef } from '../model-ref.ts'
import { type Deployment, mostInstances, type Release } from './deployment.ts'

/** The form of a deployment, as texts. */
export interface DeploymentTexts {
  /** `owner/name`, as is the next. */
  readonly name: string
  readonly model: string
  /** Id of the version; blank for the current one. */
  readonly version: string
  /** A name of hardware; blank to leave it as it is. */
  readonly hardware: string
  readonly min: string
  readonly max: string
}
type AskedInstances = Pick<Release, 'hardware' | 'minInstances' | 'maxInstances'>
export type DeploymentErrors = Partial<Readonly<Record<keyof DeploymentTexts, string>>>

export const noDeploymentTexts: DeploymentTexts = {
  name: '',
  model: '',
  version: '',
  hardware: '',
  min: '0',
  max: '1',
}

export function deploymentTexts({ ref, current }: Deployment): DeploymentTexts {
  const { model, version, hardware, minInstances, maxInstances } = current
  return {
    name: modelName(ref),
    model: modelName(model),
    version,
    hardware,
    min: String(minInstances),
    max: String(maxInstances),
  }
}

/**
 * The hardware and instances that a form asks for, or what is wrong with it, each as a sentence.
 *
 * @param hardware What operators have named to choose from.
 * @param before Null for a new deployment.
 */
export function readDeployment(
  texts: DeploymentTexts,
  hardware: readonly Hardware[],
  before: Deployment | null,
):
  | { readonly ok: true; readonly changes: AskedInstances }
  | { readonly ok: false; readonly errors: DeploymentErrors } {
  const minInstances = wholeNumber(texts.min, mostInstances.min)
  const maxInstances = wholeNumber(texts.max, mostInstances.max)
  const was = before?.current.hardware ?? usualHardware
  const named = hardware.length === 0 || texts.hardware === '' ? was : texts.hardware
  const noSuch = before && named === was ? null : hardwareProblem(named, hardware)
  const errors: DeploymentErrors = {
    ...nameError('name', texts.name),
    ...nameError('model', texts.model),
    ...(noSuch === null ? {} : { hardware: texts.hardware === '' ? 'Choose one.' : noSuch }),
    ...(minInstances === null ? { min: upTo(mostInstances.min) } : {}),
    ...(maxInstances === null ? { max: upTo(mostInstances.max) } : {}),
  }
  if (minInstances === null || maxInstances === null || Object.keys(errors).length > 0)
    return { ok: false, errors }
  return { ok: true, changes: { hardware: named, minInstances, maxInstances } }
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
