import { mostOf } from '../instance/choice-texts.ts'
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
  /** In seconds; blank for as long as the model says. */
  readonly idle: string
}
type AskedInstances = Pick<Release, 'hardware' | 'minInstances' | 'maxInstances' | 'idleMs'>
export type DeploymentErrors = Partial<Readonly<Record<keyof DeploymentTexts, string>>>

export const noDeploymentTexts: DeploymentTexts = {
  name: '',
  model: '',
  version: '',
  hardware: '',
  min: '0',
  max: '1',
  idle: '',
}

export function deploymentTexts({ ref, current }: Deployment): DeploymentTexts {
  const { model, version, hardware, minInstances, maxInstances, idleMs } = current
  return {
    name: modelName(ref),
    model: modelName(model),
    version,
    hardware,
    min: String(minInstances),
    max: String(maxInstances),
    idle: idleMs === null ? '' : String(idleMs / 1000),
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
  const minInstances = wholeNumber(texts.min, 0, mostInstances.min)
  const maxInstances = wholeNumber(texts.max, 0, mostInstances.max)
  const idle = texts.idle === '' ? null : (wholeNumber(texts.idle, 1, mostOf.idle) ?? 'wrong')
  const was = before?.current.hardware ?? usualHardware
  const named = hardware.length === 0 || texts.hardware === '' ? was : texts.hardware
  const noSuch = before && named === was ? null : hardwareProblem(named, hardware)
  const errors: DeploymentErrors = {
    ...nameError('name', texts.name),
    ...nameError('model', texts.model),
    ...(noSuch === null ? {} : { hardware: texts.hardware === '' ? 'Choose one.' : noSuch }),
    ...(minInstances === null ? { min: upTo(mostInstances.min) } : {}),
    ...(maxInstances === null ? { max: upTo(mostInstances.max) } : {}),
    ...(idle === 'wrong' ? { idle: wrongIdle } : {}),
  }
  if (minInstances === null || maxInstances === null || idle === 'wrong')
    return { ok: false, errors }
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const idleMs = idle === null ? null : idle * 1000
  return { ok: true, changes: { hardware: named, minInstances, maxInstances, idleMs } }
}

function nameError(field: 'name' | 'model', text: string): DeploymentErrors {
  if (parseModelRef(text)) return {}
  return { [field]: 'Enter a name such as owner/name.' }
}

function wholeNumber(text: string, least: number, most: number): number | null {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : null
  return value !== null && value >= least && value <= most ? value : null
}

const wrongIdle = `Enter a whole number from 1 to ${mostOf.idle.toLocaleString('en-GB')}, or nothing.`

function upTo(most: number): string {
  return `Enter a whole number from 0 to ${most}.`
}
