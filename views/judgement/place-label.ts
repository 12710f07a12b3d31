import type { RunGroup } from '../../src/domain/group/group.ts'
import { beginning } from '../../src/domain/json/excerpt.ts'
import { formatJson, type Json } from '../../src/domain/json/json.ts'
import { type ModelRef, modelName } from '../../src/domain/model-ref.ts'

/** Longer values are cut. */
const longestValue = 40

/** What a run of a group was made with, by its place: `guidance 6, medium gouache`, its model, or its line. */
export function placeLabel(
  { kind, axes }: RunGroup,
  { model, place }: { readonly model: ModelRef; readonly place: number },
): string {
  if (kind === 'compare') return modelName(model)
  if (kind === 'batch') return `Line ${place}`
  const [down, across] = axes.length === 1 ? [undefined, axes[0]] : axes
  const width = across?.values.length ?? 1
  const named = [
    { input: down?.input, value: down?.values[Math.floor(place / width)] },
    { input: across?.input, value: across?.values[place % width] },
  ]
  return named
    .flatMap(({ input, value }) => (input === undefined ? [] : [`${input} ${text(value ?? null)}`]))
    .join(', ')
}

function text(value: Json): string {
  return beginning(typeof value === 'string' ? value : formatJson(value), longestValue)
}
