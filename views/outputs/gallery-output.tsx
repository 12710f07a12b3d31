import { usePaths } from '../site.ts'
import { Picture } from './image-output.tsx'
import type { OutputProps } from './output-props.ts'
import { CutNote } from './parts/output-actions.tsx'

export function GalleryOutput({ output, prediction }: OutputProps<'gallery'>) {
  const { files, omitted } = output
  return (
    <>
      <div class={files.length === 1 ? 'gallery one' : 'gallery'}>
        {files.map((file, index) => (
          <Picture
            file={file}
            prediction={prediction}
            alt={`${file.name}, ${index + 1} of ${files.length}`}
          />
        ))}
      </div>
      <CutNote omitted={omitted} noun='picture' href={usePaths().outputJson(prediction)} />
    </>
  )
}
