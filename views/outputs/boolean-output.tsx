import type { OutputProps } from './output-props.ts'

export function BooleanOutput({ output: { value }, id }: OutputProps<'boolean'>) {
  return (
    <p class='figure' id={id}>
      {String(value)}
    </p>
  )
}
