// Runs on the page that says "your answers are in": what this tab answered with is spent, and its copy is erased.

const name = sessionStorage.getItem('answering')
if (name) localStorage.removeItem(name)
sessionStorage.removeItem('answering')
