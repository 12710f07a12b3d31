import type { InstanceChoices } from './choices.ts'

/** The choices of instances that a form can ask for. Which of them mean something, the provider of a model says. */
export const choiceNames = ['min', 'max', 'idle', 'boot', 'network', 'disk', 'hardware'] as const
export type ChoiceName = (typeof choiceNames)[number]

/** The form in which operators choose how instances are run, as texts. Times are in seconds. */
export type ChoiceTexts = Readonly<Record<ChoiceName, string>>
export type ChoiceErrors = Partial<Readonly<Record<ChoiceName, string>>>

/** The choices for a model, with the name of its hardware; null for any. */
export interface ChosenInstances {
  readonly choices: InstanceChoices
  readonly hardware: string | null
}

/** The values of the choices that are no numbers, the usual one first. */
export const choiceOptions = {
  network: ['closed', 'open'],
  disk: ['fixed', 'writable'],
} as const

/** The most that can be entered; times in seconds. */
export const mostOf = { min: 20, max: 100, idle: 30 * 86_400, boot: 86_400 }

export function choiceTexts({ choices, hardware }: ChosenInstances): ChoiceTexts {
  const { min, max, idleMs, bootMs, isOpen, isWritable } = choices
  return {
    min: String(min),
    max: String(max),
    idle: String(idleMs / 1000),
    boot: String(bootMs / 1000),
    network: choiceOptions.network[isOpen ? 1 : 0],
    disk: choiceOptions.disk[isWritable ? 1 : 0],
    hardware: hardware ?? '',
  }
}

/**
 * The choices that a form makes, or what is wrong with it, each as a sentence.
 *
 * @param names Those that the form asks for. The others stay as `before`.
 * @param hardware The names of hardware to choose from.
 */
export function readChoices(
  texts: ChoiceTexts,
  before: ChosenInstances,
  names: readonly ChoiceName[],
  hardware: readonly string[],
):
  | { readonly ok: true; readonly chosen: ChosenInstances }
  | { readonly ok: false; readonly errors: ChoiceErrors } {
  const said = { ...choiceTexts(before), ...pick(texts, names) }
  const min = wholeNumber(said.min, 0, mostOf.min)
  const max = wholeNumber(said.max, 1, mostOf.max)
  const idle = wholeNumber(said.idle, 1, mostOf.idle)
  const boot = wholeNumber(said.boot, 1, mostOf.boot)
  if (min === null || max === null || idle === null || boot === null)
    return {
      ok: false,
      errors: {
        ...(min === null ? { min: fromTo(0, mostOf.min) } : {}),
        ...(max === null ? { max: fromTo(1, mostOf.max) } : {}),
        ...(idle === null ? { idle: fromTo(1, mostOf.idle) } : {}),
        ...(boot === null ? { boot: fromTo(1, mostOf.boot) } : {}),
      },
    }
  if (names.includes('max') && max < min)
    return { ok: false, errors: { max: `Enter at least ${min}, as many as are kept ready.` } }
  const named = said.hardware === '' ? null : said.hardware
  if (named !== null && named !== before.hardware && !hardware.includes(named))
    return { ok: false, errors: { hardware: 'Choose one that is listed.' } }
  return {
    ok: true,
    chosen: {
      choices: {
        min,
        max,
        idleMs: idle * 1000,
        bootMs: boot * 1000,
        isOpen: said.network === 'open',
        isWritable: said.disk === 'writable',
      },
      hardware: named,
    },
  }
}

/** The choices that differ, for the audit log: `min 0 → 1, network closed → open`. */
export function choiceChanges(before: ChosenInstances, after: ChosenInstances): string {
  const [was, is] = [choiceTexts(before), choiceTexts(after)]
  return choiceNames
    .filter((name) => was[name] !== is[name])
    .map((name) => `${name} ${was[name] || 'any'} → ${is[name] || 'any'}`)
    .join(', ')
}

function pick(texts: ChoiceTexts, names: readonly ChoiceName[]): Partial<ChoiceTexts> {
  return Object.fromEntries(names.map((name) => [name, texts[name].trim()]))
}

function wholeNumber(text: string, least: number, most: number): number | null {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : null
  return value !== null && value >= least && value <= most ? value : null
}

function fromTo(least: number, most: number): string {
  return `Enter a whole number from ${least} to ${most.toLocaleString('en-GB')}.`
}
