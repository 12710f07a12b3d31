// In a frame: tells the page around it how high the content is. `embed.js` there listens.
{
  const main = document.getElementById('main')
  const tell = () => parent.postMessage({ sandpit: 'height', height: main.offsetHeight }, '*')
  if (parent !== window) new ResizeObserver(tell).observe(main)
}
