/**
 * The source of a copy: the text of an element with this id, or what is at an address: its text,
 * its picture, or the address itself, with scheme and host.
 */
export type Copied =
  | { readonly of: 'element'; readonly id: string }
  | { readonly of: 'text' | 'picture' | 'address'; readonly href: string }

interface CopyButtonProps {
  readonly copied: Copied
  readonly label?: string
}

/** A Copy button, which `public/copy.js` answers. Browsers without scripts do not show it. */
export function CopyButton({ copied, label = 'Copy' }: CopyButtonProps) {
  const from = copied.of === 'element' ? copied.id : copied.href
  return (
    <button
      class='button'
      type='button'
      data-copies={from}
      data-copies-as={copied.of === 'element' ? undefined : copied.of}
    >
      {label}
    </button>
  )
}
