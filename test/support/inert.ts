import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

/** The elements that a form is made of; none of them runs or loads anything. */
const harmless = new Set([
  ...['a', 'b', 'br', 'button', 'code', 'datalist', 'details', 'div', 'em', 'footer', 'form', 'h2'],
  ...['header', 'input', 'label', 'li', 'ol', 'option', 'p', 's', 'section', 'select', 'small'],
  ...['span', 'strong', 'summary', 'textarea', 'ul', 'wbr'],
])

const addresses = new Set(['href', 'src', 'action', 'formaction', 'srcdoc', 'background', 'data'])

/**
 * What of a form's HTML is not ours: an element that runs or loads something, a handler, an order
 * to htmx, an address that is a program, or anything outside the one form. Empty when it is inert.
 */
export function notInert(html: string): string[] {
  const fragment = parseFragment(html)
  const [form, ...others] = fragment.childNodes
  const outside = others.map((node) => `outside the form: ${node.nodeName}`)
  return form && 'tagName' in form && form.tagName === 'form'
    ? [...outside, ...form.childNodes.flatMap(faultsIn)]
    : ['there is no form']
}

function faultsIn(node: Node): string[] {
  if (!('tagName' in node)) return []
  const own = harmless.has(node.tagName) && node.tagName !== 'form' ? [] : [`<${node.tagName}>`]
  return [...own, ...attributeFaults(node), ...node.childNodes.flatMap(faultsIn)]
}

function attributeFaults({ attrs }: Element): string[] {
  return attrs
    .filter(({ name, value }) => {
      if (/^(?:on|(?:data-)?hx-|style$)/i.test(name)) return true
      return addresses.has(name) && !/^(?:#|\/(?!\/)|https?:\/\/|mailto:)/i.test(value)
    })
    .map(({ name, value }) => `${name}="${value}"`)
}
