import { usePaths } from '../site.ts'
import { type ChosenFilter, statusFilters, whenFilters, withFilters } from './chosen.ts'

interface FiltersProps {
  readonly chosen: ChosenFilter
  /** The names of the models to choose from. */
  readonly models: readonly string[]
  /** The makers to choose from, as values with their words. */
  readonly makers: Readonly<Record<string, string>>
}

/** The form that narrows the list of predictions. */
export function Filters({ chosen, models, makers }: FiltersProps) {
  const names = Object.fromEntries(models.map((name) => [name, name]))
  return (
    <form class='filters' action={usePaths().predictions()}>
      <input
        class='grow'
        type='search'
        name='q'
        value={chosen.q}
        placeholder='Search prompts, outputs and IDs'
        aria-label='Search predictions'
        dir='auto'
      />
      <Choice name='model' label='Model' all='All models' options={names} {...{ chosen }} />
      <Choice
        name='status'
        label='Status'
        all='Any status'
        options={statusFilters}
        {...{ chosen }}
      />
      <Choice name='who' label='Made by' all='Everyone' options={makers} {...{ chosen }} />
      <Choice name='when' label='When' all='Any time' options={whenFilters} {...{ chosen }} />
      <label>
        From <input type='date' name='from' value={chosen.from} />
      </label>
      <label>
        To <input type='date' name='to' value={chosen.to} />
      </label>
      <Choice name='with' label='With' all='Any output' options={withFilters} {...{ chosen }} />
      {chosen.view !== '' && <input type='hidden' name='view' value={chosen.view} />}
      <button class='button' type='submit'>
        Filter
      </button>
    </form>
  )
}

interface ChoiceProps {
  readonly name: keyof ChosenFilter
  readonly label: string
  /** The label of no filter. */
  readonly all: string
  readonly options: Readonly<Record<string, string>>
  readonly chosen: ChosenFilter
}

function Choice({ name, label, all, options, chosen }: ChoiceProps) {
  return (
    <select name={name} aria-label={label}>
      <option value=''>{all}</option>
      {Object.entries(options).map(([value, word]) => (
        <option value={value} selected={value === chosen[name]}>
          {word}
        </option>
      ))}
    </select>
  )
}
