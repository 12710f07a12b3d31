import type { OutputProps } from './output-props.ts'

/** A file that is elsewhere: not loaded into our page. */
export function LinkOutput({ output: { url } }: OutputProps<'link'>) {
  return (
    <p class='file-link'>
      <a href={url} rel='noopener noreferrer nofollow'>
        {url}
      </a>
    </p>
  )
}
