import type { StoredFile } from '../../src/domain/file/file.ts'
import type { Taker } from '../../src/domain/model/takers.ts'
import { ModelName } from '../model/model-name.tsx'
import { usePaths } from '../site.ts'

export interface TakersMenuProps {
  /** The file to go on with: the first that the prediction made. */
  readonly file: StoredFile
  readonly takers: readonly Taker[]
}

/** Where an output can go on: each link opens a model's form with the file in it. */
export function TakersMenu({ file, takers }: TakersMenuProps) {
  const paths = usePaths()
  if (takers.length === 0) return null
  return (
    <details class='menu' id='takers'>
      <summary class='button'>Use output as input of…</summary>
      <ul>
        {takers.map(({ model, input }) => (
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
