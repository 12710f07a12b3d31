import type { OutputFile } from '../../../src/domain/output/output-file.ts'
import type { Paths } from '../../../src/paths.ts'

/** The URL of a file of an output. */
export function fileHref(paths: Paths, prediction: string, file: OutputFile): string {
  return 'ref' in file ? paths.file(file) : paths.inlineFile(prediction, file.inline, file.name)
}
