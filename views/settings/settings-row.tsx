import type { Model, Warmth } from '../../src/domain/model/model.ts'
import type { ModelRecord, ModelSettings } from '../../src/domain/model/record.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { ModelName } from '../format.tsx'
import { ModelFacts } from '../model/model-head.tsx'
import { usePaths } from '../site.ts'

/** A model with its settings and its load. */
export interface ModelLine {
  readonly model: Model
  readonly record: ModelRecord
  /** Where it runs, when an operator added it by URLs. */
  readonly urls: readonly string[]
  readonly warmth: Warmth
  readonly running: number
  readonly waiting: number
  /** Settings that were not saved, and why. */
  readonly refused: { readonly sentence: string; readonly typed: SettingsTyped } | null
}

/** The texts in the fields of a model’s settings. */
export interface SettingsTyped {
  readonly intake: string
  readonly copies: string
  readonly timeout: string
  readonly queue: string
  readonly tool: string
}

/** The settings of models that have none of their own. */
export interface SettingsDefaults {
  readonly timeoutMs: number
  readonly maxQueue: number
}

const intakes: Readonly<Record<ModelSettings['intake'], string>> = {
  open: 'Open',
  draining: 'Draining: finishes the queue, accepts nothing new',
  paused: 'Paused: accepts predictions, runs none',
}

/** Whether assistants have it as a tool. */
const tools: Readonly<Record<NonNullable<ModelSettings['tool']> | '', string>> = {
  '': 'While there are few',
  always: 'Always',
  never: 'Never',
}

/** The settings of a model, as its form shows them. */
function typedSettings(settings: ModelSettings): SettingsTyped {
  const { intake, copies, timeoutMs, maxQueue, tool = '' } = settings
  return {
    intake,
    copies: String(copies ?? ''),
    timeout: timeoutMs === null ? '' : String(timeoutMs / 1000),
    queue: String(maxQueue ?? ''),
    tool,
  }
}

interface SettingsRowProps {
  readonly defaults: SettingsDefaults
  readonly line: ModelLine
}

/** The settings form of one model, and its load. */
export function SettingsRow({ line, defaults }: SettingsRowProps) {
  const paths = usePaths()
  const { model, record, urls, warmth, running, waiting, refused } = line
  const name = modelName(model.ref)
  const typed = refused?.typed ?? typedSettings(record.settings)
  return (
    <article class='field' id={name}>
      <div class='field-head'>
        <h3 class='field-name'>
          <a href={paths.model(model.ref)}>
            <ModelName model={model.ref} />
          </a>
        </h3>
        <small>
          {running} running, {waiting} queued
        </small>
      </div>
      <div class='field-body'>
        <ModelFacts model={model} warmth={warmth} />
        {model.broken !== null && <p class='field-error'>{model.broken}</p>}
        {urls.length > 0 && <p class='mono'>{urls.join(' ')}</p>}
        {refused && (
          <p class='field-error' role='alert' tabindex={-1} autofocus>
            {refused.sentence}
          </p>
        )}
        <form class='filters' method='post' action={paths.modelSettings()}>
          <input type='hidden' name='model' value={name} />
          <Choice
            name='intake'
            label='Status'
            of={name}
            value={typed.intake}
            words={intakes}
            grow
          />
          <SmallNumber
            name='copies'
            label='Concurrency'
            of={name}
            value={typed.copies}
            fallback={model.limits.copies}
          />
          <SmallNumber
            name='timeout'
            label='Timeout (s)'
            of={name}
            value={typed.timeout}
            fallback={(model.limits.timeoutMs ?? defaults.timeoutMs) / 1000}
          />
          <SmallNumber
            name='queue'
            label='Max queue'
            of={name}
            value={typed.queue}
            fallback={defaults.maxQueue}
          />
          <Choice name='tool' label='Assistants’ tool' of={name} value={typed.tool} words={tools} />
          <button class='button' type='submit'>
            Save
          </button>
          {record.source && (
            <button
              class='button bare'
              type='submit'
              formaction={paths.modelRemoval()}
              formnovalidate
            >
              Remove
            </button>
          )}
        </form>
      </div>
    </article>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly label: string
  /** The model, which makes labels unique. */
  readonly of: string
  readonly value: string
  readonly words: Readonly<Record<string, string>>
  /** Takes the room that there is. */
  readonly grow?: boolean
}

function Choice({ name, label, of, value: chosen, words, grow = false }: ChoiceProps) {
  return (
    <label class={grow ? 'grow' : undefined}>
      {label}
      <select name={name} aria-label={`${label}, ${of}`}>
        {Object.entries(words).map(([value, word]) => (
          <option value={value} selected={value === chosen}>
            {word}
          </option>
        ))}
      </select>
    </label>
  )
}

interface SmallNumberProps {
  readonly name: string
  readonly label: string
  /** The model, which makes labels unique. */
  readonly of: string
  readonly value: string
  /** The value while the field is blank. */
  readonly fallback: number
}

function SmallNumber({ name, label, of, value, fallback }: SmallNumberProps) {
  return (
    <label>
      {label}
      <input
        name={name}
        inputmode='numeric'
        aria-label={`${label}, ${of}`}
        value={value}
        placeholder={String(fallback)}
      />
    </label>
  )
}
