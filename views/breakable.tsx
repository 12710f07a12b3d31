/** A long name that may break after each `_`, `/`, `-` and `.`. */
export function Breakable({ text }: { text: string }) {
  const parts = text.split(/(?<=[_/.-])/)
  return (
    <>
      {parts.map((part, index) => (
        <>
          {index > 0 && <wbr />}
          {part}
        </>
      ))}
    </>
  )
}
