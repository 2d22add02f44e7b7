// SPDX-License-Identifier: GPL-3.0-or-later
#include "items/TopologyLayout.h"

#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>

namespace tocsin::items {

namespace {

constexpr double kPointsPerInch = 72;

/// Graphviz has global state, and its font plug-in keeps pointers into the first context after that was freed: one context serves the
/// whole program and is never freed, and one layout runs at a time.
struct Graphviz {
    Graphviz() { agseterr(AGMAX); } // its warnings go to standard error and tell the user nothing

    std::mutex mutex;
    GVC_t* const context = gvContext();
};
Graphviz& graphviz()
{
    static const auto shared = std::make_unique<Graphviz>();
    return *shared;
}

struct GraphCloser {
    GVC_t* context;
    void operator()(Agraph_t* graph) const
    {
        gvFreeLayout(context, graph);
        agclose(graph);
    }
};

/// Graphviz takes its names without const, but does not change them.
char* text(const char* name) { return const_cast<char*>(name); }

void set(void* object, const char* name, const std::string& value) { agsafeset(object, text(name), text(value.c_str()), text("")); }

/// Builds the Graphviz graph: nodes are called n<index>, containers cluster<index>.
class Builder {
public:
    Builder(const TopologyGraph& graph, const TopologyMeasures& measures, bool wide, Agraph_t* root)
        : m_graph(graph), m_measures(measures), m_wide(wide), m_places(graph.index())
    {
        m_subgraphs.resize(graph.nodes.size());
        m_nodes.resize(graph.nodes.size());
        m_root = root;
        for (std::size_t i = 0; i < graph.nodes.size(); ++i)
            place(i);
        for (std::size_t i = 0; i < graph.edges.size(); ++i)
            edge(i);
    }
    Agnode_t* node(std::size_t i) const { return m_nodes[i]; }
    Agraph_t* container(std::size_t i) const { return m_subgraphs[i]; }
    Agedge_t* edgeAt(std::size_t i) const { return m_edges[i]; }

private:
    Agraph_t* containerOf(std::size_t i)
    {
        const QString& parent = m_graph.nodes[i].parent;
        return parent.isEmpty() ? m_root : subgraph(m_places[parent]);
    }
    Agraph_t* subgraph(std::size_t i)
    {
        if (!m_subgraphs[i]) {
            std::string name = "cluster" + std::to_string(i);
            m_subgraphs[i] = agsubg(containerOf(i), name.data(), 1);
            set(m_subgraphs[i], "margin", "14");
            // Room for the title that the window draws itself.
            set(m_subgraphs[i], "label", m_graph.nodes[i].name.toStdString() + "  " + m_graph.nodes[i].caption.toStdString() + "      ");
            set(m_subgraphs[i], "labeljust", "l");
        }
        return m_subgraphs[i];
    }
    /// The first resource inside, at any depth; the node itself if there is none.
    std::size_t firstLeaf(std::size_t i) const
    {
        if (!m_graph.nodes[i].isContainer())
            return i;
        for (std::size_t k = 0; k < m_graph.nodes.size(); ++k)
            if (m_graph.nodes[k].parent == m_graph.nodes[i].id)
                if (const std::size_t leaf = firstLeaf(k); !m_graph.nodes[leaf].isContainer() || m_nodes[leaf])
                    return leaf;
        return i;
    }
    void place(std::size_t i)
    {
        const TopologyNode& node = m_graph.nodes[i];
        std::string name = "n" + std::to_string(i);
        if (node.isContainer()) {
            // An empty container needs something to have a place at all.
            Agraph_t* own = subgraph(i);
            if (firstLeaf(i) != i)
                return;
            m_nodes[i] = agnode(own, name.data(), 1);
            set(m_nodes[i], "width", "0.05");
            set(m_nodes[i], "height", "0.05");
            return;
        }
        m_nodes[i] = agnode(containerOf(i), name.data(), 1);
        const auto letters = static_cast<double>(std::max(std::min<qsizetype>(node.name.size(), 28), std::min<qsizetype>(node.caption.size(), 28)));
        const double width = letters * m_measures.characterWidth + m_measures.iconSpace + 2 * m_measures.padding;
        const double height = (node.caption.isEmpty() ? 1 : 2) * m_measures.rowHeight + m_measures.padding;
        set(m_nodes[i], "width", std::to_string(std::max(width, 72.0) / kPointsPerInch));
        set(m_nodes[i], "height", std::to_string(height / kPointsPerInch));
    }
    void edge(std::size_t i)
    {
        // Graphviz joins nodes only: an end at a container goes to its first part and is cut off at the container's border.
        const TopologyEdge& edge = m_graph.edges[i];
        const std::size_t from = m_places[edge.from], to = m_places[edge.to];
        Agedge_t* made = agedge(m_root, m_nodes[firstLeaf(from)], m_nodes[firstLeaf(to)], nullptr, 1);
        if (m_graph.nodes[from].isContainer())
            set(made, "ltail", "cluster" + std::to_string(from));
        if (m_graph.nodes[to].isContainer())
            set(made, "lhead", "cluster" + std::to_string(to));
        // In a high place containers stand one below the other, and what is inside one stands side by side.
        if (!m_wide && m_graph.nodes[m_places[edge.from]].parent == m_graph.nodes[m_places[edge.to]].parent)
            set(made, "minlen", "0");
        // Beside the line and not part of it: dot of Graphviz 2.43 frees memory twice when a labelled line runs within the first rank.
        if (!edge.label.isEmpty())
            set(made, "xlabel", edge.label.toStdString());
        m_edges.push_back(made);
    }

    const TopologyGraph& m_graph;
    const TopologyMeasures& m_measures;
    bool m_wide; ///< connections run to the right
    QHash<QString, std::size_t> m_places;
    Agraph_t* m_root;
    std::vector<Agraph_t*> m_subgraphs;
    std::vector<Agnode_t*> m_nodes;
    std::vector<Agedge_t*> m_edges;
};

QPointF flip(pointf p, double height) { return {p.x, height - p.y}; }

TopologyPlaces::Line readLine(Agedge_t* edge, double height)
{
    TopologyPlaces::Line line;
    if (const splines* all = ED_spl(edge); all && all->size > 0) {
        const bezier& curve = all->list[0];
        for (std::size_t i = 0; i < static_cast<std::size_t>(curve.size); ++i)
            line.points.push_back(flip(curve.list[i], height));
    }
    if (const textlabel_t* label = ED_xlabel(edge); label && label->set)
        line.label = flip(label->pos, height);
    return line;
}

/// How large a drawing appears in a place.
double scaleIn(const QSizeF& place, const QRectF& drawing)
{
    return std::min(place.width() / std::max(drawing.width(), 1.0), place.height() / std::max(drawing.height(), 1.0));
}

Result<std::shared_ptr<TopologyPlaces>> layOut(const std::shared_ptr<const TopologyGraph>& cleaned, const TopologyMeasures& measures, bool wide)
{
    auto out = std::make_shared<TopologyPlaces>();
    out->graph = cleaned;
    const TopologyGraph& graph = *cleaned;

    GVC_t* const context = graphviz().context;
    if (!context)
        return fail(kLayoutFailed, "no Graphviz context");
    std::string name = "topology";
    Agraph_t* root = agopen(name.data(), Agdirected, nullptr);
    agattr(root, AGNODE, text("shape"), text("box"));
    agattr(root, AGNODE, text("fixedsize"), text("true"));
    agattr(root, AGNODE, text("label"), text(""));
    agattr(root, AGEDGE, text("dir"), text("none"));
    agattr(root, AGEDGE, text("fontsize"), text("10"));
    set(root, "rankdir", wide ? "LR" : "TB");
    set(root, "newrank", "true");
    set(root, "nodesep", "0.3");
    set(root, "ranksep", "0.55");
    set(root, "compound", "true");
    const Builder built(graph, measures, wide, root);
    if (gvLayout(context, root, "dot") != 0) {
        agclose(root);
        return fail(kLayoutFailed, "dot gave up");
    }
    const std::unique_ptr<Agraph_t, GraphCloser> closer(root, GraphCloser{context});

    const boxf all = GD_bb(root);
    const double height = all.UR.y;
    out->bounds = QRectF(all.LL.x, 0, all.UR.x - all.LL.x, all.UR.y - all.LL.y);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (graph.nodes[i].isContainer()) {
            const boxf box = GD_bb(built.container(i));
            out->nodes.emplace_back(flip({box.LL.x, box.UR.y}, height), flip({box.UR.x, box.LL.y}, height));
        } else {
            Agnode_t* node = built.node(i);
            const QPointF centre = flip(ND_coord(node), height);
            const QSizeF size(ND_width(node) * kPointsPerInch, ND_height(node) * kPointsPerInch);
            out->nodes.emplace_back(centre - QPointF(size.width() / 2, size.height() / 2), size);
        }
    }
    for (std::size_t i = 0; i < graph.edges.size(); ++i)
        out->edges.push_back(readLine(built.edgeAt(i), height));
    return out;
}

} // namespace

Result<std::shared_ptr<const TopologyPlaces>> layoutTopology(const TopologyGraph& graph, const TopologyMeasures& measures)
{
    const std::lock_guard lock(graphviz().mutex);
    const auto cleaned = std::make_shared<const TopologyGraph>(graph.cleaned());
    TOCSIN_TRY_ASSIGN(std::shared_ptr<TopologyPlaces> down, layOut(cleaned, measures, false));
    TOCSIN_TRY_ASSIGN(std::shared_ptr<TopologyPlaces> right, layOut(cleaned, measures, true));
    const bool wide = !measures.place.isEmpty() && scaleIn(measures.place, right->bounds) > scaleIn(measures.place, down->bounds);
    return wide ? std::move(right) : std::move(down);
}

} // namespace tocsin::items
