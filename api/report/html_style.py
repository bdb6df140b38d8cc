"""The style of ``report.html``: one sheet, light and dark, wide and narrow, screen and A4."""
from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--paper:#fff;--soft:#f4f6f8;--ink:#1a2027;--muted:#4b5763;--line:#d3dae1;--edge:#75818d;
--accent:#0b4f8a;--filled:#1f6fb2;--warm:#a34a00;--warm-ground:#fde9d6;--good:#0b5c3b;--good-ground:#dff3e8;
--fair-ground:#e3eefa;--check:#6a4300;--check-ground:#fff2d4;--t1:#fff8f0;--t2:#fdebd9;--t3:#fbd9b8;--t4:#f8c594;--t5:#f4ae6d}
@media (prefers-color-scheme:dark){:root{--paper:#14191f;--soft:#1d242c;--ink:#e9eef3;--muted:#b3bec9;--line:#36414c;
--edge:#8b98a5;--accent:#8fc4f5;--filled:#5aa5e6;--warm:#f3a15f;--warm-ground:#4a2c12;--good:#7fd9ae;
--good-ground:#12382a;--fair-ground:#16324c;--check:#f2cf86;--check-ground:#3b2e10;--t1:#241d17;--t2:#38281a;--t3:#4d331c;
--t4:#643f1d;--t5:#7c4b1d}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,
"Noto Sans","Liberation Sans",Arial,sans-serif;overflow-wrap:break-word}
.wrap{max-width:72rem;margin:0 auto;padding:0 1.25rem}
h1{font-size:2rem;line-height:1.2;margin:.2rem 0 .6rem}
h2{font-size:1.45rem;line-height:1.25;margin:0 0 .75rem}
h3{font-size:1.08rem;line-height:1.35;margin:0}
p,ul,ol,dl{margin:0 0 .75rem}
a{color:var(--accent);text-underline-offset:.18em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999rem;padding:.6rem 1rem;background:var(--paper);z-index:2}
.skip:focus{left:.5rem;top:.5rem}
.top{background:var(--soft);border-bottom:1px solid var(--line);padding:1.25rem 0 .75rem}
.mark{color:var(--muted);font-size:.9rem;margin:0}
.mark strong{color:var(--ink)}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.35rem 1.4rem;padding:0;margin:0}
nav{padding:.6rem 0;border-bottom:1px solid var(--line)}
section{padding:1.75rem 0 .75rem;border-bottom:1px solid var(--line)}
section:last-of-type{border:0}
.muted{color:var(--muted)}
.small{font-size:.9rem;line-height:1.7}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.4rem,1fr));gap:.75rem;margin:0 0 1rem;
padding:0}
.figures div{background:var(--soft);border:1px solid var(--line);border-radius:.6rem;padding:.7rem .9rem;display:flex;
flex-direction:column-reverse;justify-content:flex-end}
.figures dt{font-size:.95rem;line-height:1.35}
.figures dd{margin:0;font-size:1.9rem;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums}
.figures small{display:block;color:var(--muted);font-size:.85rem}
.note{margin:0 0 1.25rem;border-left:4px solid var(--filled);background:var(--soft);padding:.6rem .9rem;
border-radius:0 .4rem .4rem 0}
.note p{margin:0 0 .25rem}.note p:last-child{margin:0}
table{border-collapse:collapse;width:100%;font-size:.95rem}
caption{text-align:left;font-weight:600;padding:0 0 .35rem}
th,td{text-align:left;vertical-align:top;padding:.32rem .7rem .32rem 0;border-bottom:1px solid var(--line)}
thead th{border-bottom:2px solid var(--edge);font-size:.88rem;vertical-align:bottom}
tbody th{font-weight:500}
.num{text-align:right;font-variant-numeric:tabular-nums}
tfoot th,tfoot td{font-weight:650;border-bottom:0}
.scroll{overflow-x:auto;margin:0 0 1rem}
.pair{display:grid;grid-template-columns:minmax(0,26rem) minmax(0,1fr);gap:1rem 2.5rem;align-items:start;
margin:0 0 1.75rem}
.pair>*{min-width:0}
.figure{display:block;width:100%;height:auto;max-width:26rem}
.figure text{fill:var(--ink);font-size:13px;font-variant-numeric:tabular-nums}
.figure .name{font-weight:600}
.figure .axis{stroke:var(--edge);stroke-width:1.5}
.filled{fill:var(--filled)}
.free{fill:var(--paper);stroke:var(--filled);stroke-width:1.5}
.without{stroke:var(--warm);stroke-width:1}
.hatch-ground{fill:var(--warm-ground)}.hatch-line{fill:var(--warm)}
.tile rect{stroke:var(--line);fill:var(--paper)}
.tile.step0 text{fill:var(--muted)}
.step1 rect{fill:var(--t1)}.step2 rect{fill:var(--t2)}.step3 rect{fill:var(--t3)}.step4 rect{fill:var(--t4)}
.step5 rect{fill:var(--t5)}
.tile:not(.step0) rect{stroke:var(--warm);stroke-width:1.5}
.limits,.scroll .tag{white-space:nowrap}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0;font-size:.9rem}
.key{vertical-align:-.15em;margin-right:.4em}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr));gap:1rem}
.card{border:1px solid var(--line);border-radius:.6rem;padding:.85rem 1rem;background:var(--paper);min-width:0;
scroll-margin-top:1rem}
.card:target{outline:3px solid var(--accent);outline-offset:2px}
.card p,.card ul,.card ol{margin:0 0 .45rem}
.card :last-child{margin-bottom:0}
.ref{font-weight:400;color:var(--muted)}
.band{display:flex;flex-wrap:wrap;gap:.1rem .7rem;align-items:baseline}
.tag{display:inline-block;border-radius:1rem;padding:.02rem .65rem;font-size:.88rem;font-weight:600;
border:1px solid var(--edge)}
.tag.good{background:var(--good-ground);color:var(--good);border-color:currentColor}
.tag.fair{background:var(--fair-ground);color:var(--accent);border-color:currentColor}
.tag.open{background:var(--warm-ground);color:var(--ink);border-color:var(--warm)}
.tag.look{background:var(--check-ground);color:var(--check);border-color:currentColor}
.lab{font-weight:600;font-size:.9rem;margin:.5rem 0 .1rem!important}
.list{list-style:none;padding:0}
.list li{padding-left:1.5em;position:relative}
.list li::before{position:absolute;left:.1em;font-weight:700}
.plus li::before{content:"+";color:var(--good);content:"+"/""}
.minus li::before{content:"\\2212";color:var(--warm);content:"\\2212"/""}
.check li::before{content:"?";color:var(--check);content:"?"/""}
.broken::before{content:"!"!important}
.plus li,.minus li{display:flex;justify-content:space-between;gap:.8em}
.stop li::before{content:"\\00d7";color:var(--warm);content:"\\00d7"/""}
.pts{color:var(--muted);font-variant-numeric:tabular-nums;white-space:nowrap}
.helps{display:block;color:var(--muted)}
details{margin:0 0 .45rem}
summary{cursor:pointer;font-weight:600;font-size:.95rem;padding:.15rem 0}
details ol,details ul{padding-left:1.6rem}
.inline{list-style:none;padding:0!important;display:flex;flex-wrap:wrap;gap:0 1.1rem}
.todo>li{margin:0 0 .7rem}
.todo{list-style:none;padding:0}
.box{display:inline-block;width:1em;height:1em;border:1.5px solid var(--edge);border-radius:.2em;vertical-align:-.12em;
margin-right:.55em}
.up{font-size:.9rem}
footer{padding:1.25rem 0 2.5rem;color:var(--muted);font-size:.88rem}
code{font-family:ui-monospace,"DejaVu Sans Mono",Consolas,monospace;font-size:.86em;overflow-wrap:anywhere}
@media (max-width:52rem){.pair{grid-template-columns:minmax(0,1fr)}h1{font-size:1.6rem}.wrap{padding:0 1rem}}
@media (max-width:30rem){table{font-size:.86rem}th,td{padding-right:.4rem}thead th{font-size:.78rem}
.scroll tbody th{hyphens:auto}}
@media (forced-colors:active){.filled{fill:CanvasText}.free{fill:Canvas;stroke:CanvasText}
.tag,.card{border-color:CanvasText}}
@media print{
:root{--paper:#fff;--soft:#fff;--ink:#000;--muted:#333;--line:#bbb;--edge:#666;--accent:#000;--filled:#333;--warm:#555;
--warm-ground:#fff;--good:#000;--good-ground:#fff;--fair-ground:#fff;--check:#000;--check-ground:#fff;--t1:#fff;--t2:#f2f2f2;
--t3:#e4e4e4;--t4:#d4d4d4;--t5:#c4c4c4}
html,body{color-scheme:light;font-size:10pt;line-height:1.4}
.wrap{max-width:none;padding:0}
nav,.skip,.up{display:none}
a{text-decoration:none}
section{padding:.6rem 0;border:0}
.page{break-before:page}
.cards{grid-template-columns:1fr 1fr;gap:.5rem}
.cards.wide{display:block}
.card{break-inside:avoid;border-color:#888;padding:.4rem .7rem;font-size:8.6pt;line-height:1.3}
.cards.wide .card{margin:0 0 .5rem}
.card p,.card ul{margin:0 0 .2rem}
.lab{margin:.25rem 0 0!important}
.card .small,.inline{font-size:8.5pt;line-height:1.4}
.sides{display:grid;grid-template-columns:1fr 1fr;gap:0 1.2rem}
.tag{border-radius:.3rem;padding:0 .35rem;font-size:8.5pt}
.card th,.card td{padding:.1rem .5rem .1rem 0}
tr,.note,.figures div{break-inside:avoid}
h2,h3,caption,.lab{break-after:avoid}
thead{display:table-header-group}
.scroll{overflow:visible}
.pair{grid-template-columns:minmax(0,9.2cm) minmax(0,1fr);gap:.6rem 1cm;break-inside:avoid}
summary{list-style:none}
summary::-webkit-details-marker{display:none}
details::details-content{content-visibility:visible!important;display:block!important;block-size:auto!important}
@page{size:A4;margin:15mm 13mm 16mm}
}
"""
