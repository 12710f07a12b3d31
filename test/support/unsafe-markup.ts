import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

/** The elements that a form is made of; none of them runs or loads anything. */
const harmless = new Set([
  ...['a', 'b', 'br', 'button', 'code', 'datalist', 'details', 'div', 'em', 'footer', 'form', 'h2'],
  ...[
    'header',
    'input',
    'label',
    'li',
    'nav',
    'ol',
    'option',
    'p',
    'progress',
    's',
    'section',
    'select',
    'small',
  ],
  ...['span', 'strong', 'summary', 'template', 'textarea', 'ul', 'wbr'],
])

const addresses = new Set(['href', 'src', 'action', 'formaction', 'srcdoc', 'background', 'data'])

/**
 * Markup in a form's HTML that is not ours: an element that runs or loads something, a handler, an order
 * to htmx, an address that is a program, or anything outside the one form. Empty when it is inert.
 */
export function unsafeMarkup(html: string): string[] {
  const fragment = parseFragment(html)
  const [form, ...others] = fragment.childNodes
  const outside = others.map((node) => `outside the form: ${node.nodeName}`)
  return form && 'tagName' in form && form.tagName === 'form'
    ? [...outside, ...form.childNodes.flatMap((node) => faultsIn(node))]
    : ['there is no form']
}

/** In a template, which draws nothing by itself, also what will show a chosen file. */
const previews = new Set([...harmless, 'img', 'audio', 'video'])

function faultsIn(node: Node, known: ReadonlySet<string> = harmless): string[] {
  if (!('tagName' in node)) return []
  const own = known.has(node.tagName) && node.tagName !== 'form' ? [] : [`<${node.tagName}>`]
  const inner =
    'content' in node
      ? node.content.childNodes.flatMap((one) => faultsIn(one, previews))
      : node.childNodes.flatMap((one) => faultsIn(one, known))
  return [...own, ...attributeFaults(node), ...inner]
}

function attributeFaults({ attrs }: Element): string[] {
  return attrs
    .filter(({ name, value }) => {
      if (/^(?:on|(?:data-)?hx-|style$)/i.test(name)) return true
      return addresses.has(name) && !/^(?:#|\/(?!\/)|https?:\/\/|mailto:)/i.test(value)
    })
    .map(({ name, value }) => `${name}="${value}"`)
}
