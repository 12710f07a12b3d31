import type { StoredFile } from '../../src/domain/file/file.ts'
import type { CompatibleInput } from '../../src/domain/model/compatible-inputs.ts'
import { ModelName } from '../format.tsx'
import { usePaths } from '../site.ts'

export interface UseAsInputProps {
  /** The first file of the output. */
  readonly file: StoredFile
  readonly inputs: readonly CompatibleInput[]
}

/** A menu of models that take the file. Each link opens a form with it. */
export function UseAsInput({ file, inputs }: UseAsInputProps) {
  const paths = usePaths()
  if (inputs.length === 0) return null
  return (
    <details class='menu' id='use-as-input'>
      <summary class='button'>Use output as input of…</summary>
      <ul>
        {inputs.map(({ model, input }) => (
          <li>
            <a
              href={`${paths.model(model)}?${new URLSearchParams({ [`input.${input}`]: paths.file(file) })}`}
            >
              <ModelName model={model} /> · {input}
            </a>
          </li>
        ))}
      </ul>
    </details>
  )
}
