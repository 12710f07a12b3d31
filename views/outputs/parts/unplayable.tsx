import type { OutputFile } from '../../../src/domain/output/output-file.ts'

/** Shown by `public/moments.js` beside a player that cannot play its file. */
export function Unplayable({ file, href }: { file: OutputFile; href: string }) {
  return (
    <p class='notice unplayable' role='status' hidden>
      <span>
        This browser cannot play {file.name} ({file.type}).
      </span>{' '}
      <a class='button' href={href} download={file.name}>
        Download
      </a>
    </p>
  )
}
