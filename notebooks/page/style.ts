/** The style sheet of a notebook's page. */
export const STYLE = `
:root {
  --ink: #1c1917; --ink2: #6b6560; --line: #e7e5e4; --back: #fff;
  --s1: #3358d4; --s2: #e38a00; --s3: #0a9b83; --s4: #c04a98; --s5: #62b4ec; --s6: #8a3a12;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #f4f4f5; --ink2: #a1a1aa; --line: #2e2e34; --back: #121215;
    --s1: #7c9bff; --s2: #f2a93b; --s3: #2fc3a7; --s4: #e585c3; --s5: #a5d8fb; --s6: #c96b3f;
  }
}
* { box-sizing: border-box }
body {
  margin: 0; background: var(--back); color: var(--ink);
  font: 16px/1.6 Inter, system-ui, -apple-system, "Segoe UI", sans-serif;
}
main { max-width: 808px; margin: 0 auto; padding: 56px 24px 80px }
h1 { font-size: 34px; line-height: 1.15; letter-spacing: -.02em; margin: 0 0 8px }
.lead { font-size: 19px; color: var(--ink2); margin: 0 0 40px }
h2 { font-size: 22px; letter-spacing: -.01em; margin: 48px 0 8px }
p { margin: 0 0 16px; max-width: 68ch }
figure { margin: 24px 0 32px }
figcaption { font-weight: 600; margin: 0 0 8px }
svg { display: block; width: 100%; height: auto; overflow: visible }
.wide { overflow-x: auto; scrollbar-width: thin; padding-bottom: 4px }
@media (min-width: 1120px) { .tabular { width: fit-content; min-width: 100%; max-width: 1080px } }
table { border-collapse: collapse; min-width: 100%; font-size: 14px; font-variant-numeric: tabular-nums }
th, td {
  text-align: left; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); white-space: nowrap;
}
th { color: var(--ink2); font-weight: 500; white-space: normal; vertical-align: bottom }
.n { text-align: right; padding-right: 0; padding-left: 12px }
footer {
  margin-top: 56px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--ink2); font-size: 14px;
}
@media print {
  :root {
    --ink: #1c1917; --ink2: #6b6560; --line: #e7e5e4; --back: #fff;
    --s1: #3358d4; --s2: #e38a00; --s3: #0a9b83; --s4: #c04a98; --s5: #62b4ec; --s6: #8a3a12;
  }
  main { padding: 0; max-width: none }
  figure:not(.tabular), tr { break-inside: avoid }
  thead { display: table-header-group }
  .tabular { width: auto; max-width: none }
  .wide { overflow: visible }
  table { font-size: 10px }
  th, td { white-space: normal; overflow-wrap: anywhere; padding: 3px 6px 3px 0 }
}`;
