#include "core/report/page_style.hpp"

namespace graft::core {

const std::string_view kPageStyle = R"css(
:root{--page:#fff;--panel:#f6f7f9;--text:#1b2130;--soft:#596275;--line:#dde1e8;--c0:#2457c5;--c1:#c4551a;--c2:#1c8459;--c3:#8b3fa3;
--c4:#b3880a;--c5:#52606f;--heat:#2457c5;--off:#c4551a;--good:#17724b;--bad:#b3401d}
@media (prefers-color-scheme:dark){:root{--page:#11141a;--panel:#191e27;--text:#e6e9ef;--soft:#9da7b8;--line:#2d3543;--c0:#7ea8ff;
--c1:#f2935c;--c2:#5cc795;--c3:#cf92e4;--c4:#e0bd4d;--c5:#a3b0bf;--heat:#4d7fe0;--off:#d9713a;--good:#5cc795;--bad:#f2935c}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:28px 20px 60px}
h1{font-size:clamp(26px,5vw,40px);line-height:1.15;margin:2px 0 6px;letter-spacing:-.015em;font-weight:680;overflow-wrap:anywhere}
h2{font-size:21px;margin:46px 0 14px;padding-top:14px;border-top:1px solid var(--line);letter-spacing:-.01em}
h3{font-size:16px;margin:26px 0 10px;overflow-wrap:anywhere}
p{margin:6px 0;max-width:72ch}
a{color:var(--c0)}
.eyebrow,.hint{color:var(--soft);font-size:14px}
.verdict{font-size:17px;margin:10px 0 0}.verdict b{color:var(--good)}.verdict.unsure b{color:var(--bad)}
.banner{border-left:4px solid var(--bad);background:var(--panel);padding:10px 14px;margin:0 0 18px}
.hero{max-width:760px}.hero svg{margin:16px 0 0;max-width:580px}
nav{display:flex;flex-wrap:wrap;gap:4px 0;margin:24px 0 0;font-size:14px;color:var(--soft)}
nav a{text-decoration:none;padding:3px 0}nav a+a::before{content:"\2192";color:var(--soft);padding:0 10px}
.tiles{display:flex;flex-wrap:wrap;gap:1px;background:var(--line);border:1px solid var(--line);
border-radius:10px;overflow:hidden;margin:24px 0 0}
.tiles div{flex:1 1 140px;background:var(--panel);padding:11px 14px}
.tiles b{display:block;font-size:19px;font-weight:640;line-height:1.3}.tiles span{color:var(--soft);font-size:13px}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:18px}
figure{margin:0;background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:14px 14px 8px;position:relative;min-width:0;
break-inside:avoid}
figcaption{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline;margin:0 2px 8px;font-size:15px}
figure svg{max-height:430px}
svg{display:block;width:100%;height:auto;overflow:visible}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--soft);font-variant-numeric:tabular-nums}
svg .end{text-anchor:end}svg .middle,svg .cell,svg .small{text-anchor:middle}
svg .strong{fill:var(--text);font-weight:650;font-size:14px}svg .note{font-size:12px}
svg .cell{font-size:15px;font-weight:600;fill:var(--text)}svg .small{font-size:11.5px;fill:var(--text)}svg .on{fill:#fff}
svg .grid{stroke:var(--line);stroke-width:1}svg .axis{stroke:var(--soft);stroke-width:1}
svg .marker{stroke:var(--soft);stroke-dasharray:3 3}svg .ideal{stroke:var(--soft);stroke-dasharray:5 4}
svg .baseline{stroke:var(--soft);stroke-width:2}svg .whisker{stroke:var(--c0);stroke-width:5;stroke-linecap:round;opacity:.45}
svg .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}svg .faint{stroke-width:1;opacity:.35}svg .line.dashed{stroke-dasharray:6 5}
.c0{--c:var(--c0)}.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}.c4{--c:var(--c4)}.c5{--c:var(--c5)}
svg .line{stroke:var(--c)}svg .dot{fill:var(--c);stroke:var(--panel);stroke-width:1.5}
svg .bubble{fill:var(--c0);fill-opacity:.55;stroke:var(--c0)}svg .point{fill:var(--c0);fill-opacity:.38}
svg .heat{fill:var(--heat)}svg .off{fill:var(--off)}
.key{color:var(--soft);font-size:13px}.key::before{content:"";display:inline-block;width:14px;height:3px;border-radius:2px;
background:var(--c);margin-right:6px;vertical-align:middle}.key.dashed::before{background:repeating-linear-gradient(90deg,var(--c) 0 4px,transparent 4px 7px)}
.readout{position:absolute;pointer-events:none;background:var(--text);color:var(--page);font-size:12.5px;padding:3px 8px;border-radius:6px;
white-space:nowrap;display:none;z-index:2}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14.5px;margin:6px 0}
th{color:var(--soft);font-weight:550;font-size:13px;text-align:left;vertical-align:bottom}
th,td{padding:7px 12px 7px 0;border-bottom:1px solid var(--line);vertical-align:top}td{overflow-wrap:break-word}td[data-label=text],td[data-label=warning]{overflow-wrap:anywhere;width:70%}
.n{text-align:right;white-space:nowrap}th:last-child,td:last-child{padding-right:0}
.sortable.live th{cursor:pointer}.sortable.live th:hover{color:var(--text)}
th[aria-sort=ascending]::after{content:" \2191"}th[aria-sort=descending]::after{content:" \2193"}
tr{break-inside:avoid}
.metrics b{font-weight:660}.pair td:first-child{color:var(--soft);white-space:nowrap;width:1%;padding-right:22px}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:14px;overflow-x:auto;margin:8px 0;white-space:pre-wrap;
overflow-wrap:anywhere}
details{margin:10px 0}summary{cursor:pointer;color:var(--c0);padding:3px 0}
.split{display:flex;height:12px;border-radius:6px;overflow:hidden;margin:6px 0 8px;background:var(--line)}
.split i{background:var(--c)}.keys{display:flex;flex-wrap:wrap;gap:2px 18px;margin:0 0 12px}
.bar{display:block;height:9px;border-radius:3px;background:var(--c0);opacity:.7;min-width:2px}
.time td:nth-child(3){width:55%}.time td{vertical-align:middle}
footer{margin-top:48px;color:var(--soft);font-size:13px}
@media (max-width:640px){main{padding:20px 16px 40px}svg text{font-size:14px}svg .note,svg .small{font-size:13px}
.cards thead{display:none}.cards tr{display:block;border:1px solid var(--line);border-radius:10px;padding:8px 12px;margin:10px 0;background:var(--panel)}
.cards td{display:flex;gap:12px;justify-content:space-between;border:0;padding:3px 0;text-align:right;white-space:normal}
.cards td::before{content:attr(data-label);color:var(--soft);font-size:13px;flex:none;text-align:left}
.cards td[data-label=text]{display:block;text-align:left;width:auto}.cards td[data-label=text]::before{display:none}
.cards td[data-label=""]{display:none}.time td:nth-child(3){width:40%}}
@media print{:root{--page:#fff;--panel:#fff;--text:#000;--soft:#444;--line:#bbb;--c0:#2457c5;--c1:#c4551a;--c2:#1c8459;--c3:#8b3fa3;
--heat:#2457c5;--off:#c4551a;--good:#17724b;--bad:#b3401d}
body{font-size:11pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}main{padding:0;max-width:none}nav{display:none}
h2{break-after:avoid}h3{break-after:avoid}.grid{grid-template-columns:1fr 1fr}}
)css";

const std::string_view kPageScript = R"js(
(function(){
document.querySelectorAll('table.sortable').forEach(function(table){
  table.classList.add('live');
  var heads=[].slice.call(table.tHead.rows[0].cells);
  heads.forEach(function(head,column){head.addEventListener('click',function(){
    var down=head.getAttribute('aria-sort')!=='descending';
    heads.forEach(function(other){other.removeAttribute('aria-sort')});
    head.setAttribute('aria-sort',down?'descending':'ascending');
    var key=function(row){var cell=row.cells[column];return cell.getAttribute('data-key')||cell.textContent};
    [].slice.call(table.tBodies[0].rows).sort(function(a,b){
      var x=key(a),y=key(b),order=isNaN(x)||isNaN(y)?x.localeCompare(y):x-y;
      return down?-order:order;
    }).forEach(function(row){table.tBodies[0].appendChild(row)});
  })});
});
document.querySelectorAll('figure').forEach(function(figure){
  var svg=figure.querySelector('svg[data-frame]');
  if(!svg)return;
  var lines=[].slice.call(svg.querySelectorAll('polyline')).filter(function(line){return line.getAttribute('data-name')});
  if(!lines.length)return;
  var frame=svg.getAttribute('data-frame').split(' ').map(Number),domain=svg.getAttribute('data-domain').split(' ').map(Number);
  var readout=document.createElement('div');readout.className='readout';figure.appendChild(readout);
  svg.addEventListener('mousemove',function(event){
    var box=svg.getBoundingClientRect(),scale=svg.viewBox.baseVal.width/box.width;
    var x=(event.clientX-box.left)*scale,y=(event.clientY-box.top)*scale,best=null;
    lines.forEach(function(line){for(var i=0;i<line.points.numberOfItems;i++){
      var p=line.points.getItem(i),far=Math.abs(p.x-x)+0.2*Math.abs(p.y-y);
      if(!best||far<best.far)best={far:far,p:p,name:line.getAttribute('data-name')};
    }});
    var step=domain[0]+(best.p.x-frame[0])/(frame[1]-frame[0])*(domain[1]-domain[0]);
    var value=domain[2]+(frame[3]-best.p.y)/(frame[3]-frame[2])*(domain[3]-domain[2]);
    readout.textContent=best.name+' '+Number(value.toPrecision(3))+' at step '+Math.round(step);
    readout.style.display='block';
    var outer=figure.getBoundingClientRect(),left=box.left-outer.left+best.p.x/scale;
    readout.style.left=Math.min(left+10,outer.width-readout.offsetWidth-6)+'px';
    readout.style.top=(box.top-outer.top+best.p.y/scale-30)+'px';
  });
  svg.addEventListener('mouseleave',function(){readout.style.display='none'});
});
window.addEventListener('beforeprint',function(){document.querySelectorAll('details').forEach(function(d){d.open=true})});
})();
)js";

}  // namespace graft::core
