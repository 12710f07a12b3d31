import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

/** A form as a browser would send it right after opening the page: names and texts, in order. */
export function sentByBrowser(html: string): [name: string, text: string][] {
  return controlsIn(parseFragment(html)).flatMap(sent)
}

function controlsIn(node: Node): Element[] {
  const own =
    'tagName' in node && ['input', 'textarea', 'select'].includes(node.tagName) ? [node] : []
  const children = 'childNodes' in node ? node.childNodes.flatMap(controlsIn) : []
  return [...own, ...children]
}

function sent(control: Element): [string, string][] {
  const name = attribute(control, 'name')
  if (!name || has(control, 'disabled')) return []
  const text = textOf(control)
  return text === null ? [] : [[name, text.replace(/\r\n|\r|\n/g, '\r\n')]]
}

/** The value that a control sends; null when it sends nothing. */
function textOf(control: Element): string | null {
  if (control.tagName === 'textarea') return contentOf(control)
  if (control.tagName === 'select') return selectedIn(control)
  const value = attribute(control, 'value')
  switch (attribute(control, 'type')) {
    case 'checkbox':
    case 'radio':
      return has(control, 'checked') ? (value ?? 'on') : null
    case 'file':
    case 'submit':
      return null
    case 'number':
    case 'range':
      return /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value ?? '') ? (value ?? '') : ''
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(value ?? '') ? (value ?? '') : ''
    case 'time':
    case 'datetime-local':
      // Seconds of zero are dropped.
      return /^(?:\d{4}-\d\d-\d\dT)?\d\d:\d\d/.exec(value ?? '')
        ? (value ?? '').replace(/(:\d\d):00$/, '$1')
        : ''
    case 'color':
      return /^#[0-9a-f]{6}$/i.test(value ?? '') ? (value ?? '').toLowerCase() : '#000000'
    default:
      // A line break cannot be in a single-line control: the browser drops it.
      return (value ?? '').replace(/[\r\n]/g, '')
  }
}

function selectedIn(select: Element): string | null {
  const options = elementsNamed(select, 'option')
  const chosen = options.filter((option) => has(option, 'selected')).at(-1) ?? options[0]
  return chosen ? (attribute(chosen, 'value') ?? contentOf(chosen)) : null
}

function elementsNamed(node: Node, tagName: string): Element[] {
  const own = 'tagName' in node && node.tagName === tagName ? [node] : []
  const children =
    'childNodes' in node ? node.childNodes.flatMap((child) => elementsNamed(child, tagName)) : []
  return [...own, ...children]
}

function contentOf(element: Element): string {
  return element.childNodes.map((child) => ('value' in child ? child.value : '')).join('')
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value
}

function has(element: Element, name: string): boolean {
  return attribute(element, name) !== undefined
}
