// In a frame: tells the page around it how high the content is. `embed.js` there listens.
{
  const main = document.getElementById('main')
  const tell = () => parent.postMessage({ sandpit: 'height', height: main.offsetHeight }, '*')
  if (parent !== window) new ResizeObserver(tell).observe(main)
  // Somebody who went to another tab to sign in, and comes back.
  if (document.querySelector('[data-then-again]'))
    addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') location.reload()
    })
}
