"""Numbers, headings, items: how texts are printed, and what becomes a task. Expectations by hand."""

import pytest

from .telling import OPENING, TITLE, found_in, tasks_of, told


def paths(tasks):
    return [task.path for task in tasks]


def titles(tasks):
    return [task.title for task in tasks]


def test_numbering_may_run_through_chapters():
    tasks = found_in(
        f"{TITLE}\n一、产品质量\n(一)甲项。做好甲。(市甲局负责)\n(二)乙项。做好乙。(市乙局负责)\n"
        "二、工程质量\n(三)丙项。做好丙。(市丙局负责)\n"
    ).tasks
    assert paths(tasks) == ["一/(一)", "一/(二)", "二/(三)"]


def test_numbering_may_restart():
    tasks = found_in(
        f"{TITLE}\n一、产品质量\n(一)甲类\n1.甲一项。(市甲局负责)\n2.甲二项。(市甲局负责)\n(二)乙类\n1.乙一项。(市乙局负责)\n"
        "二、工程质量\n(一)丙类\n1.丙一项。(市丙局负责)\n"
    ).tasks
    assert paths(tasks) == ["一/(一)/1", "一/(一)/2", "一/(二)/1", "二/(一)/1"]


def test_a_heading_glued_to_the_line_before_is_found():
    tasks = tasks_of(
        "(一)甲项工作。做好甲。(二)乙项工作。做好乙。\n(三)丙项工作。做好丙。(市丙局负责)二、保障措施\n"
    )
    assert titles(tasks) == ["甲项工作", "乙项工作", "丙项工作"]
    assert told(tasks[2]) == " |  | 市丙局"


def test_items_of_a_text_without_line_breaks_are_found():
    tasks = found_in(
        f"{TITLE}\n一、重点任务。(一)甲类。1.甲一项。做好甲一。2.甲二项。做好甲二。(二)乙类。1.乙一项。做好乙一。2.乙二项。做好乙二。"
    ).tasks
    assert paths(tasks) == ["一/(一)/1", "一/(一)/2", "一/(二)/1", "一/(二)/2"]


def test_a_group_without_items_is_a_task_itself():
    (task,) = tasks_of(
        "(一)创新机制,推进改革\n将质量工作纳入规划,统筹推进。(市发改局牵头,市级相关部门配合)\n"
    )
    assert (task.path, task.title) == ("一/(一)", "创新机制,推进改革")
    assert told(task) == "市发改局 | 市级相关部门* |  等"


def test_an_item_without_a_run_in_title_is_called_by_its_first_words():
    first, second = tasks_of(
        "1.加强对企业的指导,推动企业建立标准体系,引进先进方法。(市质监局负责)\n"
        "2.以餐饮住宿为重点,探索建立服务质量监测机制,定期发布结果。(市商务局负责)\n"
    )
    assert first.title == "加强对企业的指导"
    assert second.title == "以餐饮住宿为重点,探索建立服务质量监测机制"


def test_a_clause_on_a_line_of_its_own_covers_the_items_above_it():
    tasks = tasks_of(
        "(一)产品质量提升。\n1.甲项。做好甲。\n2.乙项。做好乙。\n(市质监局牵头,市商务局按职责分工负责)\n"
        "(二)工程质量提升。\n1.丙项。做好丙。\n2.丁项。做好丁。\n(市建委牵头,市交通局配合)\n"
    )
    assert [(task.path, told(task), task.inherited_from) for task in tasks] == [
        ("一/(一)/1", "市质监局 | 市商务局 | ", "一/(一)"),
        ("一/(一)/2", "市质监局 | 市商务局 | ", "一/(一)"),
        ("一/(二)/1", "市建委 | 市交通局 | ", "一/(二)"),
        ("一/(二)/2", "市建委 | 市交通局 | ", "一/(二)"),
    ]


@pytest.mark.parametrize(
    ("sentence", "answers"),
    [
        ("以上两项工作由市市场监管局牵头,市财政局配合。", ["", "", "牵头", "牵头"]),
        ("上述3项任务均由市市场监管局牵头,市财政局配合。", ["", "牵头", "牵头", "牵头"]),
        ("以上工作由市市场监管局牵头,市财政局配合。", ["", "牵头", "牵头", "牵头"]),
        ("以上各项工作统一由市市场监管局牵头,市财政局配合。", ["", "牵头", "牵头", "牵头"]),
        ("以上九项工作由市市场监管局牵头,市财政局配合。", ["", "牵头", "牵头", "牵头"]),
        ("该项工作由市市场监管局牵头,市财政局配合。", ["", "", "", "牵头"]),
    ],
)
@pytest.mark.parametrize("joint", ["\n", ""])
def test_a_sentence_about_the_items_above_covers_as_many_as_it_says(sentence, answers, joint):
    text = (
        "(一)提升窗口服务\n1.推行首问负责。一次告知。由市教育局负责。\n2.开展测评。每季公布。\n"
        f"3.精简材料。不再重复。\n4.网上办理。全程网办。{joint}{sentence}\n"
    )
    found = tasks_of(text)
    assert [task.path for task in found] == [f"一/(一)/{number}" for number in "1234"]
    own = " |  | 市教育局"
    led = "市市场监管局 | 市财政局 | "
    assert [told(task) for task in found] == [own, *(led if said else " |  | " for said in answers[1:])]
    assert all("以上" not in task.title for task in found)


def test_whoever_answers_for_the_whole_is_said_in_other_words_too():
    found = tasks_of("(一)优化流程\n1.精简材料。不再重复。\n2.网上办理。全程网办。\n以上两项工作由市数据局负总责。\n")
    assert [told(task) for task in found] == [" |  | 市数据局"] * 2


def test_a_clause_on_a_line_below_a_single_item_is_its_own():
    tasks = tasks_of("(一)甲项工作。\n做好甲。\n(市甲局负责)\n(二)乙项工作。\n做好乙。\n(市乙局负责)\n")
    assert [(task.path, told(task), task.inherited_from) for task in tasks] == [
        ("一/(一)", " |  | 市甲局", None),
        ("一/(二)", " |  | 市乙局", None),
    ]


def test_a_clause_in_the_heading_of_a_group_covers_its_items():
    tasks = tasks_of(
        "(一)产品质量提升(责任单位:市质监局、市商务局)\n1.甲项。做好甲。\n2.乙项。做好乙。(市农业局负责)\n"
    )
    assert [(task.path, told(task), task.inherited_from) for task in tasks] == [
        ("一/(一)/1", " |  | 市质监局、市商务局", "一/(一)"),
        ("一/(一)/2", " |  | 市农业局", None),
    ]


def test_parts_of_one_sentence_are_no_items():
    (task,) = tasks_of("(一)加强监管。重点做好:1.食品监管;2.药品监管;3.特种设备监管。(市质监局负责)\n")
    assert (task.path, told(task)) == ("一/(一)", " |  | 市质监局")
    (task,) = tasks_of("(一)加强监管。重点做好:\n1.食品监管;\n2.药品监管;\n3.特种设备监管。(市质监局负责)\n")
    assert (task.path, told(task)) == ("一/(一)", " |  | 市质监局")


def test_small_numbers_below_an_item_are_its_parts():
    (task,) = tasks_of("1.加强监管。做好以下工作。\n(1)加强抽查。\n(2)加强曝光。\n(市质监局负责)\n")
    assert (task.path, told(task)) == ("一/1", " |  | 市质监局")


def test_small_numbers_with_clauses_of_their_own_are_tasks():
    tasks = tasks_of("1.加强监管\n(1)加强抽查。(市质监局负责)\n(2)加强曝光。(市委宣传部负责)\n")
    assert [(task.path, told(task)) for task in tasks] == [
        ("一/1/(1)", " |  | 市质监局"),
        ("一/1/(2)", " |  | 市委宣传部"),
    ]


def test_articles_and_chapters():
    tasks = found_in(
        "示例市质量促进办法\n第一章 总则\n第一条 为促进质量发展,制定本办法。\n第二章 质量促进\n"
        "第二条 市质监局应当组织开展质量比对。(市质监局负责)\n第三条 各区政府应当保障经费。(各区政府负责)\n"
    ).tasks
    assert [(task.path, told(task)) for task in tasks] == [
        ("第二章/第二条", " |  | 市质监局"),
        ("第二章/第三条", " |  | 各区政府*"),
    ]


def test_dotted_numbers():
    tasks = found_in(
        f"{TITLE}\n1.产品质量\n1.1 开展质量比对。(市质监局负责)\n1.2 开展抽查。(市农业局负责)\n2.工程质量\n2.1 开展巡查。(市住建局负责)\n"
    ).tasks
    assert paths(tasks) == ["1/1.1", "1/1.2", "2/2.1"]


def test_guiding_words_goals_and_steps_are_no_tasks_and_safeguards_are_marked():
    found = found_in(
        f"{TITLE}\n一、指导思想\n坚持质量第一。\n二、总体目标\n(一)产品质量目标。合格率达到95%以上。\n三、重点任务\n(一)甲项。做好甲。(市甲局负责)\n"
        "四、实施步骤\n(一)动员部署(2023年1月至3月)。印发方案。\n(二)总结提升(2023年10月至12月)。总结经验。\n五、保障措施\n(一)加强领导。强化统筹。\n"
    )
    assert [(task.path, task.kind) for task in found.tasks] == [("三/(一)", "work"), ("五/(一)", "safeguard")]
    assert [(row.name, row.start, row.end) for row in found.phases] == [
        ("动员部署", "2023-01", "2023-03"),
        ("总结提升", "2023-10", "2023-12"),
    ]


def test_a_table_of_contents_is_no_structure():
    tasks = found_in(
        f"{TITLE}\n目录\n一、重点任务……1\n二、保障措施……3\n一、重点任务\n(一)甲项。做好甲。(市甲局负责)\n二、保障措施\n(一)加强领导。强化统筹。\n"
    ).tasks
    assert paths(tasks) == ["一/(一)", "二/(一)"]


def test_full_width_and_traditional_characters_are_read_and_quoted_as_printed():
    text = OPENING + "（一）開展質量比對。組織骨幹企業比對。（市質監局牽頭，市財政局、商務局配合）\n"
    (task,) = found_in(text).tasks
    assert told(task) == "市質監局 | 市財政局、市商務局 | "
    assert task.clause is not None
    assert text[task.clause.start : task.clause.end] == "（市質監局牽頭，市財政局、商務局配合）"
    assert task.title == "開展質量比對"


def test_lines_broken_by_the_width_of_a_page_are_joined():
    text = (
        f"{TITLE}\n为推进质量强市建设,根据上级有关文件精神,结合我市实际,制定本\n实施方案,请各单位认真抓好贯彻落实工作。\n一、重点任务\n"
        "(一)开展质量比对提升行动。组织骨干企业开展产品质量比对,查找差\n距和不足,推动企业改进工艺、提高质量,培育一批标杆企业。(市质\n监局牵头,市财政局、市商务局配合)\n"
        "(二)开展服务质量监测工作。在旅游、物流、家政等行业开展服务质量\n监测,定期发布监测结果,推动行业改进。(市商务局、市文化和旅游\n局、市民政局按职责分工负责)\n"
    )
    first, second = found_in(text).tasks
    assert told(first) == "市质监局 | 市财政局、市商务局 | "
    assert told(second) == " |  | 市商务局、市文化和旅游局、市民政局"


def test_the_quotation_is_the_first_thirty_characters_without_the_number():
    text = (
        OPENING
        + "(一)开展质量比对提升。组织骨干企业对标国际国内先进水平开展产品质量比对,查找短板弱项。(市质监局负责)\n"
    )
    (task,) = found_in(text).tasks
    assert (
        text[task.quote.start : task.quote.end]
        == "开展质量比对提升。组织骨干企业对标国际国内先进水平开展产品质"
    )


def test_bullets_that_name_units_are_items():
    tasks = tasks_of(
        "——增强创新动能。实施技术攻关。(责任单位:市科技局、工业和信息化局)\n——树立绿色理念。推广绿色认证。(责任单位:市生态环境局)\n"
    )
    assert [(task.path, task.title, told(task)) for task in tasks] == [
        ("一/——1", "增强创新动能", " |  | 市科技局、市工业和信息化局"),
        ("一/——2", "树立绿色理念", " |  | 市生态环境局"),
    ]


def test_bullets_that_name_nobody_belong_to_their_item():
    (task,) = tasks_of("(一)加强监管。\n——加强抽查。\n——加强曝光。\n(市质监局负责)\n")
    assert (task.path, told(task)) == ("一/(一)", " |  | 市质监局")


def test_a_sentence_in_the_head_of_a_group_covers_its_items():
    tasks = tasks_of(
        "(一)服务质量提升工程。由区发改局牵头,区商务局等部门配合。重点抓好:\n1.旅游服务。开展评价。\n2.养老服务。推进评定。\n"
    )
    assert [(task.path, told(task), task.inherited_from) for task in tasks] == [
        ("一/(一)/1", "区发改局 | 区商务局 |  等", "一/(一)"),
        ("一/(一)/2", "区发改局 | 区商务局 |  等", "一/(一)"),
    ]


def test_a_list_of_units_goes_on_in_the_next_line():
    (task,) = tasks_of("(一)食品安全。开展专项行动。\n责任单位:市质监局、市公安局、\n市农业农村局\n")
    assert told(task) == " |  | 市质监局、市公安局、市农业农村局"


def test_a_label_in_brackets_of_its_own():
    (task,) = tasks_of("(一)食品安全。开展专项行动。\n【责任单位】市质监局、公安局\n")
    assert told(task) == " |  | 市质监局、市公安局"
    (task,) = tasks_of("(一)食品安全。开展专项行动。\n(牵头单位:市质监局)(配合单位:市公安局)\n")
    assert told(task) == "市质监局 | 市公安局 | "


def test_the_same_numbers_in_two_parts_are_kept_apart():
    tasks = found_in(
        f"{TITLE}\n第一部分 重点任务\n一、甲类\n1、甲项。做好甲。(市甲局负责)\n第二部分 其他任务\n一、乙类\n1、乙项。做好乙。(市乙局负责)\n"
    ).tasks
    assert paths(tasks) == ["第一部分/一/1", "第二部分/一/1"]


def test_how_something_is_examined_is_no_task():
    found = found_in(
        f"{TITLE}\n一、考核对象\n各县(市、区)人民政府。\n二、考核程序\n(一)自查自评。各县(市、区)人民政府报送自查报告。\n"
        "(二)实地核查。组织专家核查。(市质监局牵头,市财政局配合)\n三、结果运用\n对考核不合格的予以通报批评。\n"
    )
    assert paths(found.tasks) == ["二/(二)"]
    assert [row.rule for row in found.rules] == ["对考核不合格的予以通报批评"]
