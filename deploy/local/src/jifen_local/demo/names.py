"""Invented names of people, in characters and in pinyin."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

_SURNAMES: Final = (
    "王Wang 李Li 张Zhang 刘Liu 陈Chen 杨Yang 赵Zhao 黄Huang 周Zhou 吴Wu 徐Xu 孙Sun 胡Hu 朱Zhu "
    "高Gao 林Lin 何He 郭Guo 马Ma 罗Luo 梁Liang 宋Song 郑Zheng 谢Xie 韩Han 唐Tang 冯Feng 于Yu "
    "董Dong 萧Xiao 程Cheng 曹Cao 袁Yuan 邓Deng 许Xu 傅Fu 沈Shen 曾Zeng 彭Peng 吕Lü 苏Su 卢Lu "
    "蒋Jiang 蔡Cai 贾Jia 丁Ding 魏Wei 薛Xue 叶Ye 阎Yan"
)
_GIVEN: Final = (
    "建jian 国guo 志zhi 强qiang 海hai 涛tao 文wen 军jun 晓xiao 燕yan 丽li 娟juan 红hong 梅mei "
    "春chun 雷lei 永yong 刚gang 振zhen 华hua 明ming 亮liang 德de 胜sheng 秀xiu 英ying 玉yu 兰lan "
    "立li 平ping 庆qing 丰feng 学xue 峰feng 长chang 江jiang 思si 远yuan 雪xue 松song 宏hong 伟wei "
    "天tian 成cheng 向xiang 阳yang 一yi 鸣ming 佳jia 宁ning 新xin 民min 金jin 凤feng 爱ai 东dong"
)
_SINGLE_SHARE: Final = 0.25


def people_names(rng: Random) -> Iterator[tuple[str, str]]:
    """Yield names that differ in characters: ("王建国", "Wang Jianguo")."""
    surnames, parts = _SURNAMES.split(), _GIVEN.split()
    used: set[str] = set()
    while True:
        surname = rng.choice(surnames)
        given = rng.sample(parts, 1 if rng.random() < _SINGLE_SHARE else 2)
        zh = surname[0] + "".join(part[0] for part in given)
        if zh not in used:
            used.add(zh)
            yield zh, f"{surname[1:]} {''.join(part[1:] for part in given).capitalize()}"
