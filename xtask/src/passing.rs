//! What documents without any form cost: passed by a look at their characters,
//! and read.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use encoding_rs::GB18030;
use formgrid_convert::{Options, Sieve, convert};
use formgrid_profile::Profiles;
use sha2::{Digest, Sha256};

/// Pages of each kind, of 10 to 30 kB.
const PAGES: usize = 500;

/// Of so many runs the fastest counts.
const RUNS: usize = 5;

/// What the pages say: news, notices, and sites that have nothing to do with it.
const CHINESE: [&str; 15] = [
    "市财政局召开年度工作会议，总结上半年预算执行情况，部署下一阶段重点任务。",
    "会议要求，各单位要提高资金使用效益，加快项目建设进度，确保按期完成。",
    "今天多云转晴，最高气温二十六度，偏北风三到四级，出行请注意防晒。",
    "学校图书馆自下周起延长开放时间，读者可以凭证件入馆，周末照常借阅。",
    "据介绍，该工程总投资3.2亿元，建成后可以满足周边五万居民的用水需要。",
    "本次展览共展出书画作品一百二十件，其中六十件为首次公开，吸引了众多市民。",
    "办理营业执照的申请人可以在网上提交材料，工作人员当天审核并回复。",
    "球队在客场以二比一获胜，下一轮将在主场迎战排名第三的对手。",
    "村民们忙着采摘茶叶，合作社负责统一收购、加工和销售，人均收入明显提高。",
    "关于开展安全生产检查的通知：各街道办事处，各有关部门，请认真组织实施。",
    "记者从交通部门了解到，新开通的公交线路经过医院、学校和多个居民小区。",
    "上一篇：春季植树活动顺利举行　下一篇：社区志愿者服务日掠影",
    "版权所有　未经许可不得转载　网站地图　设为首页　加入收藏",
    "专家认为，完善绩效评价体系有助于提高财政支出的透明度，但仍需循序渐进。",
    "首页　新闻中心　政务公开　办事大厅　互动交流　专题专栏　数据开放",
];

const ENGLISH: [&str; 4] = [
    "The council met on Tuesday to discuss the new library and the road to the harbour. ",
    "Opening hours are from nine to five; tickets are sold at the door. ",
    "The match ended in a draw after both teams had missed a penalty. ",
    "For more information see the address below, or write to the office. ",
];

/// Times the pages of each kind and prints the ratios.
pub(crate) fn run() -> Result<()> {
    let profiles = Profiles::builtin();
    let begun = Instant::now();
    let sieve = Sieve::new(&profiles);
    println!("the sieve of {} profiles is made in {:.1?}\n", profiles.count(), begun.elapsed());
    println!(
        "| pages without a form | MB | passed | SHA-256 alone | all, passing | all, reading | passing is |"
    );
    println!("|---|---:|---:|---:|---:|---:|---|");
    let mut random = fastrand::Rng::with_seed(6);
    let english: Vec<Vec<u8>> = (0..PAGES).map(|_| page(&ENGLISH, &mut random).into_bytes()).collect();
    let chinese: Vec<String> = (0..PAGES).map(|_| page(&CHINESE, &mut random)).collect();
    time("English", &english, &profiles, &sieve)?;
    let gb: Vec<Vec<u8>> = chinese.iter().map(|page| GB18030.encode(page).0.into_owned()).collect();
    let utf8: Vec<Vec<u8>> = chinese.into_iter().map(String::into_bytes).collect();
    time("Chinese, UTF-8", &utf8, &profiles, &sieve)?;
    time("Chinese, GB18030", &gb, &profiles, &sieve)
}

fn time(name: &str, pages: &[Vec<u8>], profiles: &Profiles, sieve: &Sieve) -> Result<()> {
    let bytes: usize = pages.iter().map(Vec::len).sum();
    let hashing = fastest(|| {
        let sums = pages.iter().map(|page| Sha256::digest(page)[0]);
        sums.fold(0_u8, u8::wrapping_add)
    });
    let all = |sieve| {
        let options = Options { sieve, ..Options::new(profiles) };
        fastest(|| {
            let read = |page: &Vec<u8>| convert(page, &options, &mut |_| ControlFlow::Continue(()));
            pages.iter().map(read).fold((0, 0), |(passed, forms), summary| {
                (passed + usize::from(summary.is_passed), forms + summary.forms)
            })
        })
    };
    let (passing, (passed, forms)) = all(Some(sieve));
    let (reading, (_, expected)) = all(None);
    ensure!(forms == expected, "{name}: {forms} forms with the sieve, {expected} without");
    println!(
        "| {name} | {:.1} | {passed} of {} | {:.1?} | {passing:.1?} | {reading:.1?} | {:.1} times hashing, {:.2} of reading |",
        bytes as f64 / 1e6,
        pages.len(),
        hashing.0,
        passing.as_secs_f64() / hashing.0.as_secs_f64(),
        passing.as_secs_f64() / reading.as_secs_f64(),
    );
    Ok(())
}

fn fastest<T>(run: impl Fn() -> T) -> (Duration, T) {
    let mut best = (Duration::MAX, run());
    for _ in 0..RUNS {
        let begun = Instant::now();
        let value = run();
        best = (best.0.min(begun.elapsed()), value);
    }
    best
}

/// A page of some portal: menus and a table around paragraphs.
fn page(sentences: &[&str], random: &mut fastrand::Rng) -> String {
    let mut page = "<!DOCTYPE html><html><head><title>portal</title><style>td { color: #333; }</style>\
        <script>var list = [1, 2, 3]; function show(n) { return n > 1 && n < 3; }</script></head><body>"
        .to_owned();
    for n in 0..40 {
        page += &format!("<li class=\"menu item-{n}\"><a href=\"/list/{n}.html\" target=\"_blank\">");
        page.extend(sentences[random.usize(..sentences.len())].chars().take(6));
        page += "</a></li>\n";
    }
    for _ in 0..random.usize(20..60) {
        page += "<p style=\"text-indent: 2em; font-size: 14px\">";
        for _ in 0..random.usize(1..6) {
            page += sentences[random.usize(..sentences.len())];
        }
        page += "</p>\n";
    }
    page += "<table border=1>";
    for n in 0..random.usize(5..20) {
        let cell: String = sentences[random.usize(..sentences.len())].chars().take(8).collect();
        page += &format!("<tr><td align=\"center\">{n}</td><td>{cell}</td><td>{}</td></tr>\n", n * 7);
    }
    page + "</table><div>联系电话：021-12345678　地址：人民路100号</div></body></html>"
}
