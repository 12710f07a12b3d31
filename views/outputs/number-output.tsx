import type { OutputProps } from './output-props.ts'

export function NumberOutput({ output: { value }, id }: OutputProps<'number'>) {
  return (
    <p class='figure' id={id}>
      {String(value)}
    </p>
  )
}
